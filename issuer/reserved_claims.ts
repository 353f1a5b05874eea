/** Claims that only the issuer writes; compared without letter case, since some verifiers fold it. */
const reserved = new Set([
  ...["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp", "act", "may_act", "cnf", "nonce"],
  ...["amr", "acr", "auth_time", "at_hash", "c_hash", "s_hash", "scope", "scp", "client_id"],
  ...["kid", "alg", "typ", "events", "sid", "sub_jwk", "sub_id", "crit", "toe", "txn"],
  ...["org", "app", "context", "deployment_id", "revision_id", "workload"],
  ...["__proto__", "constructor", "prototype"],
]);

/** Whether a claim name is the issuer's own (RFC 7519 §4.1 and the names that a cloud gives rights by). */
export function isReservedClaim(name: string): boolean {
  const folded = name.toLowerCase();
  return reserved.has(folded) || folded.startsWith("https://aws.amazon.com/");
}

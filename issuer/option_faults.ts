import { checkKeyPolicy } from "../keys/key_policy.ts";
import type { IssuerOptions } from "./issuer_options.ts";
import { isLoopbackIssuer, issuerUrlFault } from "./issuer_url.ts";
import { keyPolicy } from "./timings.ts";

/** Everything that keeps an issuer from starting, in words that say what to do. */
export function optionFaults(options: Omit<IssuerOptions, "kv">): readonly string[] {
  const { issuer, keyEncryptionKeys = [], adminToken } = options;
  const fault = issuerUrlFault(issuer);
  if (fault) return [`The issuer URL ${fault}`];
  const faults: string[] = [];
  if (keyEncryptionKeys.length === 0 && !isLoopbackIssuer(issuer)) {
    faults.push(
      "SIGNET_KEY_ENCRYPTION_KEY is missing: an issuer that is not on loopback keeps its private keys " +
        "encrypted; make one with: openssl rand -base64 32 | tr '+/' '-_' | tr -d '='",
    );
  }
  if (keyEncryptionKeys.some((key) => key.length !== 32)) {
    faults.push("A key-encryption key must have 32 bytes");
  }
  if (adminToken !== undefined && adminToken.length < 32) {
    faults.push("The admin token is too short: use at least 32 random characters");
  }
  const { rateLimit = 1 } = options;
  if (!Number.isInteger(rateLimit) || rateLimit < 1 || rateLimit > 9_999_999) {
    faults.push("The rate limit must be a whole number of requests per minute, 1 to 9999999");
  }
  return [...faults, ...checkKeyPolicy(keyPolicy(options.timings))];
}

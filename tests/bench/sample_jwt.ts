/** A token whose claims a client reads; nobody verifies it. */
export function sampleJwt(audience: string, lifetime = 3600): string {
  const part = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://id.example", sub: "s", aud: audience, iat, exp: iat + lifetime };
  return `${part({ alg: "RS256", kid: "k" })}.${part(claims)}.${"x".repeat(342)}`;
}

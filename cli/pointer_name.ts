const OPTIONS: Readonly<Record<string, string>> = {
  org: "--org",
  app: "--app",
  context: "--context",
  audiences: "--audience",
  claims: "--claim",
  maxTtlSeconds: "--max-ttl",
  trust: "--trust",
  expiresIn: "--expires-in",
  deployment: "--deployment",
  jwk: "--public-key",
  rule: "--rule",
};

/** A fault's place as the person wrote it: the option, and the pointer (RFC 6901) for who wrote JSON. */
export function nameOfPointer(pointer: string): string {
  const member = pointer.split("/")[1] ?? "";
  const option = Object.hasOwn(OPTIONS, member) ? OPTIONS[member] : undefined;
  return option === undefined ? pointer : `${option} (${pointer})`;
}

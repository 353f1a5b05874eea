const jwtLike = /eyJ[\w-]{6,}(?:\.[\w-]*){1,4}/g;
// deno-lint-ignore no-control-regex -- a vendor's text must not steer a terminal or split a log line
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const longest = 1_000;

/** A vendor's text without the given secrets, anything shaped like a JWT, and control characters. */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret) clean = clean.replaceAll(secret, "[redacted]");
  }
  clean = clean.replace(jwtLike, "[redacted]").replace(control, " ").trim();
  return clean.length > longest ? `${clean.slice(0, longest)}…` : clean;
}

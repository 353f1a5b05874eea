const SECRET = /eyJ[\w-]+\.[\w.-]*|signet_rt_[\w-]+/g;
const UNPRINTABLE = /[^\x20-\x7e]+/g;
const MAX_LENGTH = 300;

/** Makes foreign text fit for a message: no token, no control character, not long. */
export function redact(text: string): string {
  return text.replace(SECRET, "[redacted]").replace(UNPRINTABLE, " ").slice(0, MAX_LENGTH);
}

/** The JSON object in `text`, or undefined. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The payload of a JWT that we were given and need not trust; undefined when there is none. */
export function peekClaims(token: string): Record<string, unknown> | undefined {
  const payload = token.split(".")[1];
  if (!payload) return undefined;
  try {
    const binary = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return jsonObject(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** When a JWT ends by our clock, in milliseconds; `now` when it does not say. */
export function tokenEnd(token: string, now: number): number {
  const claims = peekClaims(token);
  if (typeof claims?.exp !== "number") return now;
  const end = claims.exp * 1_000;
  // Where our clock is behind the issuer's, the lifetime bounds what exp alone would promise.
  return typeof claims.iat === "number" ? Math.min(end, now + end - claims.iat * 1_000) : end;
}

const SECRETS =
  /eyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){0,2}|signet_rt_[A-Za-z0-9_-]+|(?<=Bearer )\S+/g;

/** Take tokens out of a text that comes from elsewhere, and bound its length. */
export function redact(text: string): string {
  const clean = text.replace(SECRETS, "[token]").replace(/\s+/g, " ").trim();
  return clean.length > 500 ? `${clean.slice(0, 500)}…` : clean;
}

/** Everything that an error says about its reason: its message, a vendor's own text, its causes. */
export function errorText(error: unknown): string {
  const parts: string[] = [];
  let next: unknown = error;
  for (let depth = 0; next !== undefined && next !== null && depth < 5; depth++) {
    if (typeof next !== "object") {
      parts.push(String(next));
      break;
    }
    const { message, vendorCode, vendorMessage, cause } = next as Record<string, unknown>;
    for (const part of [message, vendorCode, vendorMessage]) {
      if (typeof part === "string" && part !== "") parts.push(part);
    }
    next = cause;
  }
  return redact([...new Set(parts)].join(" | ") || "no reason was given");
}

/** The bytes of base64url text without padding; undefined where it is none. */
export function decodeSegment(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** A JWT taken apart, or `{ fault }` in plain words. Verifies nothing. */
export function decodeToken(text) {
  const token = text.trim();
  if (token.startsWith("signet_rt_")) {
    return {
      fault: "This is a request token, a secret that gets identity tokens; it holds nothing to " +
        "inspect. It was not sent anywhere.",
    };
  }
  const segments = token.split(".");
  if (segments.length !== 3) return { fault: "A token has three parts with dots between them." };
  const [header, claims, signature] = segments.map(decodeSegment);
  if (!header || !claims || !signature) {
    return { fault: "A part of it is not base64url: was it cut off while copying?" };
  }
  try {
    const read = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const decoded = { header: read(header), claims: read(claims), signature };
    const objects = [decoded.header, decoded.claims];
    if (objects.some((part) => typeof part !== "object" || part === null || Array.isArray(part))) {
      return { fault: "Its header or its claims are no JSON object." };
    }
    return { ...decoded, signed: new TextEncoder().encode(segments.slice(0, 2).join(".")) };
  } catch {
    return { fault: "Its header or its claims are no JSON." };
  }
}

const form = /^Bearer +([\w.~+/-]+=*)$/i;

/**
 * The bearer token of a request (RFC 6750 §2.1); undefined where there is none, null where the
 * header is not exactly one bearer token. Two headers arrive joined by a comma (threat 44).
 */
export function readBearer(request: Request): string | null | undefined {
  const header = request.headers.get("authorization");
  if (header === null) return undefined;
  return form.exec(header)?.[1] ?? null;
}

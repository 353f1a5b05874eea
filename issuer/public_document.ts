import { ifNoneMatch } from "@std/http/etag";
import { encodeHex } from "@std/encoding/hex";
import { createHash } from "node:crypto";

/** A JSON document that anyone may read and caches may keep. */
export interface PublicDocument {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Prepares a document once: its text, strong entity tag and caching headers. */
export function publicDocument(
  value: unknown,
  { maxAge, contentType }: { maxAge: number; contentType: string },
): PublicDocument {
  const body = JSON.stringify(value);
  const digest: string = encodeHex(createHash("sha256").update(body).digest().subarray(0, 16));
  const headers = {
    "content-type": contentType,
    "cache-control": `public, max-age=${maxAge}`,
    etag: `"${digest}"`,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag",
    "cross-origin-resource-policy": "cross-origin",
  };
  return { body, headers };
}

/** Answers with a document, or 304 when the caller has it (RFC 9110 §13.1.2). */
export function respondWithDocument(request: Request, document: PublicDocument): Response {
  const known = request.headers.get("if-none-match");
  if (known !== null && !ifNoneMatch(known, document.headers.etag)) {
    const { "content-type": _, ...headers } = document.headers;
    return new Response(null, { status: 304, headers });
  }
  return new Response(document.body, { headers: document.headers });
}

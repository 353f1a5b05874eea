import { ifNoneMatch } from "@std/http/etag";
import { encodeHex } from "@std/encoding/hex";
import { createHash } from "node:crypto";

/** A document that anyone may read and caches may keep, with its two answers. */
export interface PublicDocument {
  readonly etag: string;
  /** Given as a clone: sharing text and headers costs a third of making them anew. */
  readonly full: Response;
  /** 304, given as a clone. */
  readonly unchanged: Response;
}

/** Prepares a JSON document once: its text, strong entity tag and caching headers. */
export function publicDocument(
  value: unknown,
  { maxAge, contentType, headers: more = {} }: {
    maxAge: number;
    contentType: string;
    headers?: Readonly<Record<string, string>>;
  },
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
    ...more,
  };
  // What a cache and a script of another origin need; the rest they have from the 200.
  const unchanged = {
    etag: headers.etag,
    "cache-control": headers["cache-control"],
    "access-control-allow-origin": "*",
  };
  return preparedDocument(body, { headers, unchanged });
}

/** A document whose text and headers are known. */
export function preparedDocument(
  body: string,
  { headers, unchanged = headers }: {
    headers: Readonly<Record<string, string>> & { readonly etag: string };
    /** Headers of a 304. Default: all. */
    unchanged?: Readonly<Record<string, string>>;
  },
): PublicDocument {
  return {
    etag: headers.etag,
    full: new Response(body, { headers }),
    unchanged: new Response(null, { status: 304, headers: unchanged }),
  };
}

/** Answers with a document, or 304 when the caller has it (RFC 9110 §13.1.2). */
export function respondWithDocument(request: Request, document: PublicDocument): Response {
  const known = request.headers.get("if-none-match");
  const isKnown = known !== null && hasIt(known, document.etag);
  return (isKnown ? document.unchanged : document.full).clone();
}

function hasIt(ifNoneMatchHeader: string, etag: string): boolean {
  return ifNoneMatchHeader === etag || !ifNoneMatch(ifNoneMatchHeader, etag);
}

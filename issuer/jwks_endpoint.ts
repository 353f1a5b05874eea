import type { PublicJwk } from "../keys/jwks.ts";
import type { Keyring } from "../keys/keyring.ts";
import { andThen, type Eventual } from "./eventual.ts";
import { type PublicDocument, publicDocument, respondWithDocument } from "./public_document.ts";

/** `jwks.json` (RFC 7517 §5); the text is made once per state of the keys. */
export function jwksEndpoint(options: {
  keyring: Keyring;
  /** Seconds that caches may keep it; security.md's A. */
  maxAge: number;
  /** What the document's answers carry besides its own headers. */
  headers: Readonly<Record<string, string>>;
}): (request: Request) => Eventual<Response> {
  const documents = new WeakMap<readonly PublicJwk[], PublicDocument>();

  function documentOf(keys: readonly PublicJwk[]): PublicDocument {
    const known = documents.get(keys);
    if (known) return known;
    const made = publicDocument({ keys }, {
      maxAge: options.maxAge,
      contentType: "application/jwk-set+json",
      headers: options.headers,
    });
    documents.set(keys, made);
    return made;
  }

  return (request) =>
    andThen(
      options.keyring.view(),
      ({ jwks }) => respondWithDocument(request, documentOf(jwks)),
    );
}

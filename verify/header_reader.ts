import { checkHeader, type TokenHeader } from "./check_header.ts";
import { objectFrom } from "./token_part.ts";

/** Reads the first part of a token. @throws {TokenVerificationError} with the reason. */
export type HeaderReader = (part: string) => TokenHeader;

/**
 * Reads headers of these types (any letter case; a missing `typ` counts as `JWT`) and remembers the
 * last that was well-formed, whoever signed it: an issuer writes the same for as long as its key signs.
 */
export function headerReader(types: readonly string[]): HeaderReader {
  const accepted = [...types];
  let known: string | undefined, knownHeader: TokenHeader | undefined;
  return (part) => {
    if (part === known) return knownHeader!;
    const header = Object.freeze(checkHeader(objectFrom(part, "header"), accepted));
    // Copied: a slice of a token would keep the whole of it in memory.
    known = structuredClone(part);
    knownHeader = header;
    return header;
  };
}

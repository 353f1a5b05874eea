import { TokenVerificationError } from "./errors.ts";
import type { JsonObject } from "./strict_json.ts";

/** The members of a protected header that the verifier reads. */
export interface TokenHeader {
  /** The signature algorithm, not yet compared with anything. */
  readonly alg: string;
  /** The key identifier. */
  readonly kid: string;
  /** The media type, where the token names one. */
  readonly typ: string | undefined;
}

const MAX_KID_LENGTH = 256;

/** Header members that would change how a token is verified, or bring a key along. */
const REFUSED = ["crit", "b64", "jwk", "jku", "x5u", "x5c", "enc", "zip"];

/**
 * Checks a JOSE header (RFC 7515 §4) by allow-list: `alg` and `kid` are required strings, members
 * that carry a key or change the processing are refused (security threats 1, 4, 5, 7, 8). The
 * thumbprints `x5t` and `x5t#S256`, which GitHub Actions sends, are ignored: they never choose a key.
 *
 * @throws {TokenVerificationError} `header_invalid` or `type_not_allowed`.
 */
export function checkHeader(header: JsonObject, types: readonly string[]): TokenHeader {
  for (const name of REFUSED) {
    if (name in header) throw invalid(name, "is not accepted");
  }
  const { alg, kid, typ } = header;
  if (typeof alg !== "string" || alg === "") throw invalid("alg", "is not a string");
  if (typeof kid !== "string" || kid === "") throw invalid("kid", "is not a string");
  if (kid.length > MAX_KID_LENGTH) throw invalid("kid", `is over ${MAX_KID_LENGTH} characters`);
  if (typ !== undefined && typeof typ !== "string") throw invalid("typ", "is not a string");
  if (!types.some((type) => mediaType(type) === mediaType(typ ?? "JWT"))) {
    throw new TokenVerificationError(
      "type_not_allowed",
      `its type is none of ${types.join(", ")}`,
      { claim: "typ" },
    );
  }
  return { alg, kid, typ };
}

/** RFC 7515 §4.1.9: case does not matter and "application/" may be left out. */
function mediaType(type: string): string {
  const lower = type.toLowerCase();
  return lower.startsWith("application/") ? lower.slice("application/".length) : lower;
}

function invalid(name: string, state: string): TokenVerificationError {
  return new TokenVerificationError("header_invalid", `header member "${name}" ${state}`, {
    claim: name,
  });
}

import { TokenVerificationError } from "../../verify/errors.ts";
import { headerReader } from "../../verify/header_reader.ts";
import { parseCompact, type ParsedToken } from "../../verify/parse_compact.ts";
import { PlatformTokenError } from "./errors.ts";

/** A token for us is a JWT, or says that it is for an exchange (draft-ietf-wimse-workload-identity-practices). */
const readHeader = headerReader(["JWT", "authorization-grant+jwt"]);

/**
 * Reads a presented token strictly, so that its `iss` can be looked up. Nothing in it is verified.
 *
 * @throws {PlatformTokenError} when its form is wrong.
 */
export function readPlatformToken(token: string): ParsedToken {
  try {
    return parseCompact(token, { readHeader });
  } catch (error) {
    throw refusalFrom(error);
  }
}

/** The verifier's refusal in this room's words; anything else as it is. */
export function refusalFrom(error: unknown): unknown {
  if (!(error instanceof TokenVerificationError)) return error;
  const state = error.message.slice(error.message.indexOf(": ") + 2);
  return new PlatformTokenError(error.code, state, { cause: error });
}

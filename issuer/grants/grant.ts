import type { Caller } from "../authenticate/caller.ts";
import { TokenError, type TokenErrorCode } from "../errors.ts";
import type { Eventual } from "../eventual.ts";
import type { Parameters } from "../parameters.ts";

/** What a grant may look at to tell who asks. */
export interface Credentials {
  readonly parameters: Parameters;
  /** From the Authorization header; null: a header that is no single bearer token. */
  readonly bearer: string | null | undefined;
  /** Hex SHA-256 of the bearer, where it has been made already. */
  readonly bearerDigest?: string;
  /** What the caller asks for. */
  readonly audience: string;
}

/** What kind of token an answer says it holds. */
export interface AnswerType {
  readonly token_type: "Bearer" | "N_A";
  readonly issued_token_type?: string;
}

/** One way in: how callers prove themselves, and the members its answers have. */
export interface Grant {
  /** @throws {ProofError} for a proof that does not hold, {TokenError} for a malformed request. */
  authenticate(credentials: Credentials): Eventual<Caller>;
  /** The members of its answer besides the token and its lifetime. */
  answer(parameters: Parameters): AnswerType;
  /** How every proof that does not hold is answered. */
  readonly refusal: { readonly code: TokenErrorCode; readonly description: string };
}

/** An access token response (RFC 6749 §5.1, RFC 8693 §2.2.1). */
export type GrantAnswer = AnswerType & { access_token: string; expires_in: number };

/** For grants whose proof is in the body: a second one beside it is refused (RFC 6749 §2.3). */
export function refuseBearer(bearer: Credentials["bearer"]): void {
  if (bearer === undefined) return;
  throw new TokenError("invalid_request", "Cannot authenticate in two ways at once");
}

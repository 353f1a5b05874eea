import type { Caller } from "./authenticate/caller.ts";
import type { TokenErrorCode } from "./errors.ts";
import type { Claims } from "./claims.ts";
import { sha256Hex } from "./workloads/request_token.ts";

/** What the token endpoint reports of each request, to the issuer itself. */
export type TokenOutcome =
  & {
    readonly at: number;
    readonly source: string;
    readonly audience?: string;
    readonly caller?: Caller;
  }
  & (
    | {
      readonly decision: "issued";
      readonly caller: Caller;
      readonly claims: Claims;
      readonly kid: string;
      readonly token: string;
    }
    | { readonly decision: "refused"; readonly code: TokenErrorCode; readonly reason: string }
  );

/** Receives each outcome. */
export type OnTokenEvent = (outcome: TokenOutcome) => void;

/** One decision of the token endpoint, safe to log: the token is there as its SHA-256 only. */
export interface TokenEvent {
  /** Tells it from other events. */
  readonly type: "token";
  /** ISO 8601. */
  readonly at: string;
  /** What became of the request. */
  readonly decision: "issued" | "refused";
  /** Whose endpoint it was. */
  readonly issuer: string;
  /** Address of the caller, as far as the server tells; "unknown" where it does not. */
  readonly source: string;
  /** Id of the proven workload. */
  readonly workload?: string;
  /** How it was proven: `request_token`, `private_key_jwt` or `platform_token`. */
  readonly method?: string;
  /** Which credential or trust rule proved it. */
  readonly credential?: string;
  /** `aud` of the token, or the audience asked for where it could be read. */
  readonly audience?: string;
  /** `sub` of the token. */
  readonly subject?: string;
  /** `jti` of the token. */
  readonly jti?: string;
  /** Key that signed. */
  readonly kid?: string;
  /** Hex SHA-256 of the token. */
  readonly token_sha256?: string;
  /** OAuth error code of a refusal. */
  readonly error?: string;
  /** Why it was refused: more than the caller learns. */
  readonly reason?: string;
}

/** Makes the event of an outcome. */
export function tokenEvent(outcome: TokenOutcome, issuer: string): TokenEvent {
  const { audience, caller, decision, source } = outcome;
  const event = {
    type: "token" as const,
    at: new Date(outcome.at).toISOString(),
    decision,
    issuer,
    source,
    workload: caller?.workload.workload.id,
    method: caller?.method,
    credential: caller?.credential,
    audience,
  };
  if (outcome.decision === "refused") {
    return { ...event, error: outcome.code, reason: outcome.reason };
  }
  const { sub, jti } = outcome.claims as Record<string, string>;
  const token_sha256 = sha256Hex(outcome.token);
  return { ...event, subject: sub, jti, kid: outcome.kid, token_sha256 };
}

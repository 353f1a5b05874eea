import type { Caller } from "./authenticate/caller.ts";
import type { TokenErrorCode } from "./errors.ts";
import type { Claims } from "./claims.ts";
import { sha256Hex } from "./workloads/request_token.ts";

/** What the token endpoint reports of each request, to the issuer itself. */
export type TokenOutcome =
  | { decision: "issued"; at: number; caller: Caller; claims: Claims; kid: string; token: string }
  | { decision: "refused"; at: number; caller?: Caller; code: TokenErrorCode; reason: string };

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
  /** Id of the proven workload. */
  readonly workload?: string;
  /** How it was proven: `request_token`, `private_key_jwt` or `platform_token`. */
  readonly method?: string;
  /** Which credential or trust rule proved it. */
  readonly credential?: string;
  /** `aud` of the token. */
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
  const { caller, decision } = outcome;
  const event = {
    type: "token" as const,
    at: new Date(outcome.at).toISOString(),
    decision,
    issuer,
    workload: caller?.workload.workload.id,
    method: caller?.method,
    credential: caller?.credential,
  };
  if (outcome.decision === "refused") {
    return { ...event, error: outcome.code, reason: outcome.reason };
  }
  const { aud, sub, jti } = outcome.claims as Record<string, string>;
  const token_sha256 = sha256Hex(outcome.token);
  return { ...event, audience: aud, subject: sub, jti, kid: outcome.kid, token_sha256 };
}

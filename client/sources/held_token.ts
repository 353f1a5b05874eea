import { IdTokenError } from "../errors.ts";
import { requireClaims } from "../load_token.ts";
import { readClaims } from "../read_claims.ts";
import type { SourceToken, TokenRequest } from "../source.ts";

/** What a platform that hands tokens out ahead of time needs said in its errors. */
export interface Platform {
  /** Its name. */
  readonly label: string;
  /** How to have it hand out a token for an audience. */
  readonly advice: string;
  /** Ms since the epoch. */
  readonly now: () => number;
}

/** Of the tokens that the platform handed out, the one for the audience that was asked for. */
export function pickHeldToken(
  held: readonly (string | undefined)[],
  { audience }: TokenRequest,
  { label, advice, now }: Platform,
): SourceToken {
  const tokens = held.map((token) => token?.trim()).filter((token) => !!token) as string[];
  const [first] = tokens;
  if (first === undefined) throw notReady(label, `it holds no token. ${advice}`);
  const token = tokens.find((token) => readClaims(token)?.aud.includes(audience)) ?? first;
  const { exp } = requireClaims(token, { label, audience, advice });
  if (exp * 1000 > now()) return { token };
  const message = `Cannot use the token of ${label}: it expired ` +
    `${Math.ceil(now() / 1000 - exp)} s ago. It is handed out once per job: ask for it earlier, ` +
    "trade it at a Signet issuer for a longer one, or check this machine's clock";
  throw new IdTokenError(message, { code: "token_expired" });
}

/** The error for a platform that is detected but lacks something. */
export function notReady(label: string, missing: string, cause?: unknown): IdTokenError {
  const message = `Cannot get an identity token: ${label} is detected, but ${missing}`;
  return new IdTokenError(message, { code: "platform_not_ready", cause });
}

/** How to trade a token whose audience the platform fixes. */
export const FIXED_AUDIENCE: string = "To trade it at a Signet issuer, set " +
  "SIGNET_PLATFORM_AUDIENCE to the audience it has and name that in the trust rule";

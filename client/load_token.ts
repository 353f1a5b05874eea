import { IdTokenError } from "./errors.ts";
import { type LoadedToken, tokenTimes } from "./held_tokens.ts";
import { readClaims, type TokenClaims } from "./read_claims.ts";
import { refuseIssuerOptions } from "./issuer_request.ts";
import type { TokenRequest, TokenSource } from "./source.ts";

/** Gets a token from its source, checks that it is what was asked for, and plans its life. */
export async function loadToken(
  request: TokenRequest,
  { source, now, random }: { source: TokenSource; now: () => number; random: () => number },
): Promise<LoadedToken> {
  if (source.issuer === undefined) refuseIssuerOptions(request, source.label);
  const startedAt = now();
  const { token, sentAt = startedAt, serverDate } = await source.getToken(request);
  const { exp, iat } = checkedClaims(token, { source, audience: request.audience });
  const obtained = { exp, iat, sentAt, serverDate, receivedAt: now() };
  return { token, times: tokenTimes(obtained, random()) };
}

function checkedClaims(
  token: string,
  { source, audience }: { source: TokenSource; audience: string },
): TokenClaims {
  const claims = requireClaims(token, { label: source.label, audience });
  if (source.issuer !== undefined && claims.iss !== source.issuer) {
    const message = `Cannot use the token from ${source.issuer}: its issuer calls itself ` +
      "something else. Set SIGNET_ISSUER to the URL that the issuer is configured with";
    throw new IdTokenError(message, { code: "issuer_mismatch" });
  }
  return claims;
}

/** The claims of a JWT for this audience: a token for one must never be handed out for another. */
export function requireClaims(
  token: unknown,
  { label, audience, advice }: { label: string; audience: string; advice?: string },
): TokenClaims {
  const claims = typeof token === "string" ? readClaims(token) : undefined;
  if (claims === undefined) {
    const message = `Cannot use what ${label} returned: it is not a JWT with an expiry`;
    throw new IdTokenError(message, { code: "invalid_token" });
  }
  if (claims.aud.includes(audience)) return claims;
  const has = claims.aud.length === 0 ? "none" : claims.aud.join(", ");
  throw new IdTokenError(
    `Cannot use the token of ${label} for audience ${audience}: its audience is ${has}. ` +
      (advice ?? "Have it make a token for this audience"),
    { code: "audience_unavailable" },
  );
}

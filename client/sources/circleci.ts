import { readClaims } from "../read_claims.ts";
import type { SourceSetup, SourceToken, TokenRequest, TokenSource } from "../source.ts";
import { notReady } from "./held_token.ts";
import { runForToken } from "./run_for_token.ts";

const LABEL = "CircleCI";

/** The job's token for the organization's audience, CircleCI's command for any other. */
export function circleci(setup: SourceSetup): TokenSource {
  const held = ["CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"]
    .map((name) => setup.env(name))
    .filter((token) => token !== undefined);
  if (held.length === 0) throw notReady(LABEL, "the job holds no OIDC token");
  const getToken = async ({ audience, signal }: TokenRequest): Promise<SourceToken> => {
    const token = held.find((token) => isFor(token, { audience, now: setup.now }));
    if (token !== undefined) return { token };
    const claims = JSON.stringify({ aud: audience });
    return await runForToken(
      ["circleci", "run", "oidc", "get", "--claims", claims],
      { label: LABEL, setup, signal },
    );
  };
  return { label: LABEL, getToken };
}

function isFor(token: string, wanted: { audience: string; now: () => number }): boolean {
  const claims = readClaims(token);
  return claims !== undefined && claims.aud.includes(wanted.audience) &&
    claims.exp * 1000 > wanted.now();
}

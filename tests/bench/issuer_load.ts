import { type Child, program, startChild } from "./child.ts";
import { load, type LoadRequest, type LoadResult } from "./load.ts";
import type { IssuerHello, IssuerSetup } from "./servers/issuer.ts";

/** Audiences of the issuer in servers/issuer.ts. */
export const audienceOf = {
  RS256: "https://rs256.example",
  ES256: "https://es256.example",
  EdDSA: "https://eddsa.example",
} as const;

/** An issuer in a process of its own. */
export type RunningIssuer = Child<IssuerHello>;

/** Starts it. */
export function startIssuerProcess(setup: IssuerSetup = {}): Promise<RunningIssuer> {
  return startChild(program("servers/issuer.ts"), { args: [JSON.stringify(setup)] });
}

/** Requests for one audience with each request token in turn. */
export function tokenRequests(tokens: readonly string[], audience: string): LoadRequest[] {
  const path = `/token?audience=${encodeURIComponent(audience)}`;
  return tokens.map((token) => ({ path, headers: { authorization: `Bearer ${token}` } }));
}

/** Asks for tokens of distinct workloads. */
export function loadTokens(
  issuer: RunningIssuer,
  { audience, seconds, connections = 32 }: {
    audience: string;
    seconds: number;
    connections?: number;
  },
): Promise<LoadResult> {
  const { url, tokens } = issuer.hello;
  return load({ url, requests: tokenRequests(tokens, audience), connections, seconds });
}

import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { runForToken } from "./run_for_token.ts";

const LABEL = "Buildkite";

/** The agent's own command (buildkite.com/docs/agent/v3/cli-oidc). */
export function buildkite(setup: SourceSetup): TokenSource {
  const getToken = ({ audience, ttl, signal }: TokenRequest) => {
    const lifetime = ttl === undefined ? [] : ["--lifetime", ttl.toString()];
    return runForToken(
      ["buildkite-agent", "oidc", "request-token", "--audience", audience, ...lifetime],
      { label: LABEL, setup, signal },
    );
  };
  return { label: LABEL, getToken };
}

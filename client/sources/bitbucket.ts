import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { FIXED_AUDIENCE, notReady, pickHeldToken } from "./held_token.ts";

const LABEL = "Bitbucket Pipelines";

/** The step's token; its audience is fixed by the platform. */
export function bitbucket({ env, now }: SourceSetup): TokenSource {
  const token = env("BITBUCKET_STEP_OIDC_TOKEN");
  if (token === undefined) {
    throw notReady(LABEL, "the step has no `oidc: true`. Add it to bitbucket-pipelines.yml");
  }
  return {
    label: LABEL,
    // deno-lint-ignore require-await -- its failures shall be rejections
    async getToken(request: TokenRequest) {
      return pickHeldToken([token], request, { label: LABEL, advice: FIXED_AUDIENCE, now });
    },
  };
}

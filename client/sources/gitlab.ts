import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { pickHeldToken } from "./held_token.ts";

const LABEL = "GitLab CI";

/** The token of the job's `id_tokens:`; its variable is found by the audience, or is SIGNET_ID_TOKEN. */
export function gitlab({ env, now }: SourceSetup): TokenSource {
  return {
    label: LABEL,
    // deno-lint-ignore require-await -- its failures shall be rejections
    async getToken(request: TokenRequest) {
      const names = [variableFor(request.audience), "SIGNET_ID_TOKEN", "SIGSTORE_ID_TOKEN"];
      const advice = "Add `id_tokens: SIGNET_ID_TOKEN: aud: " +
        `${request.audience}\` to the job in .gitlab-ci.yml`;
      return pickHeldToken(names.map(env), request, { label: LABEL, advice, now });
    },
  };
}

/** The convention of other finders of ambient credentials: the audience in capitals. */
export function variableFor(audience: string): string {
  return `${audience.toUpperCase().replace(/[^A-Z0-9]|^[0-9]/g, "_")}_ID_TOKEN`;
}

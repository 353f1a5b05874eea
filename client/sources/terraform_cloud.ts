import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { pickHeldToken } from "./held_token.ts";

const LABEL = "Terraform Cloud";
const NAMES = ["TFC_WORKLOAD_IDENTITY_TOKEN_SIGNET", "TFC_WORKLOAD_IDENTITY_TOKEN"];

/** The run's workload identity token, the one with tag SIGNET first. */
export function terraformCloud({ env, now }: SourceSetup): TokenSource {
  return {
    label: LABEL,
    // deno-lint-ignore require-await -- its failures shall be rejections
    async getToken(request: TokenRequest) {
      const advice = "Set the workspace variable TFC_WORKLOAD_IDENTITY_AUDIENCE_SIGNET to " +
        request.audience;
      return pickHeldToken(NAMES.map(env), request, { label: LABEL, advice, now });
    },
  };
}

import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { pickHeldToken } from "./held_token.ts";

const LABEL = "the variable SIGNET_ID_TOKEN";

/** A token that someone put into the environment. */
export function tokenVariable({ env, now }: SourceSetup): TokenSource {
  return {
    label: LABEL,
    // deno-lint-ignore require-await -- its failures shall be rejections
    async getToken(request: TokenRequest) {
      const advice = "Put a token for this audience there";
      return pickHeldToken([env("SIGNET_ID_TOKEN")], request, { label: LABEL, advice, now });
    },
  };
}

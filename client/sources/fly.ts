import { readReply } from "../http.ts";
import { requireOk, said } from "../http_answer.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { notReady } from "./held_token.ts";

const LABEL = "Fly";
const SOCKET = "/.fly/api";

/** Fly's machine API on its unix socket (fly.io/docs/machines/api/tokens-resource); a bare JWT answers. */
export function fly({ runtime, now }: SourceSetup): TokenSource {
  const getToken = async ({ audience, signal }: TokenRequest) => {
    const sentAt = now();
    const body = JSON.stringify({ aud: audience });
    const request = { path: "/v1/tokens/oidc", body, signal };
    const response = await runtime.postUnix(SOCKET, request).catch((cause: unknown) => {
      if (signal.aborted) throw signal.reason;
      const missing = `the machine API at ${SOCKET} cannot be reached. ` +
        `On Deno, allow it with --allow-read=${SOCKET} --allow-write=${SOCKET} and --allow-net`;
      throw notReady(LABEL, missing, cause);
    });
    const reply = await readReply(response, { label: LABEL, sentAt });
    requireOk(reply, (refused) => ({ advice: `the request is refused${said(refused)}` }));
    return { ...reply, token: reply.text.trim() };
  };
  return { label: LABEL, getToken };
}

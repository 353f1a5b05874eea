import { send } from "../http.ts";
import { jsonMember, requireOk, said } from "../http_answer.ts";
import { readClaims } from "../read_claims.ts";
import type { SourceSetup, SourceToken, TokenRequest, TokenSource } from "../source.ts";
import { notReady } from "./held_token.ts";

const LABEL = "Vercel";
const EXCHANGE = "https://oidc.vercel.com/~token";
const MISSING =
  "no token is here. Turn on OIDC in the project's settings and, in a function, ask " +
  'while a request is served; on your own machine run "vercel env pull"';

/** Vercel's token of the request or the environment, traded at Vercel for another audience. */
export function vercel(setup: SourceSetup): TokenSource {
  const getToken = async (request: TokenRequest): Promise<SourceToken> => {
    const token = await platformToken(setup);
    if (readClaims(token)?.aud.includes(request.audience)) return { token };
    const reply = await send({
      url: EXCHANGE,
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      // A jti of our own: Vercel answers without one from a cache, and an issuer takes a token once.
      body: JSON.stringify({ token, aud: request.audience, jti: crypto.randomUUID() }),
      signal: request.signal,
      label: LABEL,
    }, setup);
    requireOk(reply, (refused) => ({
      advice: `it does not give a token for this audience${said(refused)}. ` +
        "The project's own token may have expired: a new request or deployment brings a new one",
    }));
    return { ...reply, token: jsonMember(reply, "token") };
  };
  return { label: LABEL, getToken };
}

// The request's header is the freshest; the variable may be as old as the deployment.
async function platformToken({ env, runtime }: SourceSetup): Promise<string> {
  const header = runtime.requestHeaders()["x-vercel-oidc-token"];
  if (header) return header.trim();
  const path = env("VERCEL_OIDC_TOKEN_FILE");
  const token = path === undefined ? env("VERCEL_OIDC_TOKEN") : await readToken(path, runtime);
  if (token) return token.trim();
  throw notReady(LABEL, MISSING);
}

function readToken(path: string, runtime: SourceSetup["runtime"]): Promise<string> {
  return runtime.readFile(path).catch((cause: unknown) => {
    throw notReady(LABEL, "the file of VERCEL_OIDC_TOKEN_FILE cannot be read", cause);
  });
}

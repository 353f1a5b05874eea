import { bearer, send } from "../http.ts";
import { jsonMember, requireOk, said } from "../http_answer.ts";
import { requireSecureUrl } from "../secure_url.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { notReady } from "./held_token.ts";

const URL_NAME = "ACTIONS_ID_TOKEN_REQUEST_URL", TOKEN_NAME = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/** The request protocol of GitHub Actions, which Forgejo and Gitea keep to. */
export function githubActions(setup: SourceSetup): TokenSource {
  const { env } = setup;
  const own = env("FORGEJO_ACTIONS") !== undefined || env("GITEA_ACTIONS") !== undefined;
  const label = own ? "Forgejo or Gitea Actions" : "GitHub Actions";
  const text = env(URL_NAME);
  const credential = env(TOKEN_NAME)?.trim();
  if (text === undefined || credential === undefined) {
    const cure = own ? "`enable-openid-connect: true`" : "`permissions: id-token: write`";
    throw notReady(label, `the job has no ${cure}. Add it to the workflow`);
  }
  // A forge of one's own may serve its runners without TLS; GitHub never does.
  const url = requireSecureUrl(text, { name: URL_NAME, allowHttp: own });
  const authorization = bearer(credential, TOKEN_NAME);
  const getToken = async ({ audience, signal }: TokenRequest) => {
    const separator = url.search === "" ? "?" : "&";
    const reply = await send({
      url: `${text}${separator}audience=${encodeURIComponent(audience)}`,
      headers: { authorization, accept: "application/json" },
      signal,
      label,
    }, setup);
    requireOk(reply, (refused) => ({
      advice: `the request is refused${said(refused)}. The job's request token may have expired ` +
        "(after about 6 hours), or the job lost its permission",
    }));
    return { ...reply, token: jsonMember(reply, "value") };
  };
  return { label, getToken };
}

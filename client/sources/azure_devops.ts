import { bearer, send } from "../http.ts";
import { jsonMember, requireOk, said } from "../http_answer.ts";
import { requireClaims } from "../load_token.ts";
import { requireSecureUrl } from "../secure_url.ts";
import type { SourceSetup, TokenRequest, TokenSource } from "../source.ts";
import { FIXED_AUDIENCE, notReady } from "./held_token.ts";

const LABEL = "Azure DevOps";
const URL_NAME = "SYSTEM_OIDCREQUESTURI", TOKEN_NAME = "SYSTEM_ACCESSTOKEN";

/** Azure Pipelines' token of a service connection; its audience is fixed by the platform. */
export function azureDevOps(setup: SourceSetup): TokenSource {
  const { env } = setup;
  const base = env(URL_NAME);
  const credential = env(TOKEN_NAME)?.trim();
  if (base === undefined) throw notReady(LABEL, `the job has no ${URL_NAME}. Update the agent`);
  if (credential === undefined) {
    const missing =
      "the step has no access token. Add `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`";
    throw notReady(LABEL, missing);
  }
  const url = requireSecureUrl(base, { name: URL_NAME });
  url.searchParams.set("api-version", "7.1");
  const connection = env("SIGNET_AZURE_SERVICE_CONNECTION_ID") ??
    env("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID");
  if (connection !== undefined) url.searchParams.set("serviceConnectionId", connection);
  const authorization = bearer(credential, TOKEN_NAME);
  const getToken = async ({ audience, signal }: TokenRequest) => {
    const reply = await send({
      url: url.href,
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/json",
        // Without it a faulty access token is answered by a redirect to a sign-in page.
        "x-tfs-fedauthredirect": "Suppress",
      },
      body: "",
      signal,
      label: LABEL,
    }, setup);
    requireOk(reply, (refused) => ({
      advice: `the request is refused${said(refused)}. Set SIGNET_AZURE_SERVICE_CONNECTION_ID to ` +
        "the id of a service connection that this pipeline may use",
    }));
    const token = jsonMember(reply, "oidcToken");
    requireClaims(token, { label: LABEL, audience, advice: FIXED_AUDIENCE });
    return { ...reply, token };
  };
  return { label: LABEL, getToken };
}

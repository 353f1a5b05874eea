import type { Context } from "../credentials/context.ts";
import { redact, retryAfterMs, send, type VendorAnswer } from "../credentials/http.ts";
import { isObject, jsonObject } from "../credentials/json.ts";
import { azureFailure } from "./azure_error.ts";
import { classifyEntraError } from "./classify_entra_error.ts";
import type { AzureAccessToken } from "./options.ts";

/** One request for an access token. */
export interface TokenAsk {
  readonly authorityHost: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly scope: string;
  /** Claims to send along, as JSON. */
  readonly claims: string | undefined;
}

/** Trades an identity token for an access token (RFC 7523 client assertion, as Entra speaks it); no retry here. */
export async function requestToken(
  assertion: string,
  ask: TokenAsk,
  context: Context,
): Promise<AzureAccessToken> {
  const fail = azureFailure(`get an Azure token for ${ask.scope}`);
  const body = new URLSearchParams({
    client_id: ask.clientId,
    scope: ask.scope,
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    ...(ask.claims && { claims: ask.claims }),
  }).toString();
  const url = `${ask.authorityHost}/${ask.tenantId}/oauth2/v2.0/token`;
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await send({ url, headers, body }, context, fail);
  if (answer.status !== 200) throw fail(detailsOf(answer, assertion, context.now()));
  const token = readToken(answer.text, context.now());
  if (token) return token;
  throw fail({ code: "invalid_response", vendorMessage: "the answer holds no access token" });
}

function detailsOf({ status, text, headers }: VendorAnswer, assertion: string, now: number) {
  const json = jsonObject(text) ?? {};
  const listed = Array.isArray(json.error_codes) ? json.error_codes.map(String) : [];
  const said = typeof json.error_description === "string" ? json.error_description : "";
  const named = /^AADSTS(\d+)/.exec(said)?.[1];
  const codes = named ? [named, ...listed] : listed;
  return {
    ...classifyEntraError(status, codes),
    vendorCode: codes[0]
      ? `AADSTS${redact(codes[0])}`
      : typeof json.error === "string"
      ? redact(json.error)
      : `HTTP ${status}`,
    // The first line is the message; what follows are ids and a time.
    vendorMessage: redact(said.replace(/^AADSTS\d+: /, "").split(/\r?\n| Trace ID:/)[0]!, [
      assertion,
    ]),
    requestId: typeof json.correlation_id === "string" ? redact(json.correlation_id) : undefined,
    status,
    retryAfterMs: retryAfterMs(headers, now),
  };
}

function readToken(text: string, now: number): AzureAccessToken | undefined {
  const json = jsonObject(text);
  if (!isObject(json) || typeof json.access_token !== "string" || !json.access_token) {
    return undefined;
  }
  const [seconds, refresh] = [Number(json.expires_in), Number(json.refresh_in)];
  if (!(seconds > 0)) return undefined;
  const expiresOnTimestamp = now + seconds * 1_000;
  const token: AzureAccessToken = {
    token: json.access_token,
    expiresOnTimestamp,
    tokenType: "Bearer",
  };
  if (refresh > 0 && refresh < seconds) token.refreshAfterTimestamp = now + refresh * 1_000;
  return token;
}

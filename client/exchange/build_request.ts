import type { VendorRequest } from "../credentials/http.ts";
import type { ExchangeTokenOptions } from "./options.ts";

const urn = "urn:ietf:params:oauth";

/** The request that presents `idToken` to the endpoint. */
export function buildRequest(idToken: string, options: ExchangeTokenOptions): VendorRequest {
  const { endpoint, format = "form", grant = "token-exchange" } = options;
  const parameters = parametersOf(idToken, options);
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (grant === "bearer") headers.authorization = `Bearer ${idToken}`;
  if (format === "query") {
    const url = new URL(endpoint);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href, method: "GET", headers };
  }
  const json = format === "json";
  headers["content-type"] = json ? "application/json" : "application/x-www-form-urlencoded";
  const body = json ? JSON.stringify(parameters) : new URLSearchParams(parameters).toString();
  return { url: endpoint, headers, body };
}

function parametersOf(idToken: string, options: ExchangeTokenOptions): Record<string, string> {
  const { grant = "token-exchange", tokenParameter, parameters } = options;
  const all = { ...defaultsOf(grant), ...parameters };
  if (grant !== "bearer") {
    all[tokenParameter ?? (grant === "jwt-bearer" ? "assertion" : "subject_token")] = idToken;
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

function defaultsOf(grant: ExchangeTokenOptions["grant"]): Record<string, string> {
  if (grant === "bearer") return {};
  if (grant === "jwt-bearer") return { grant_type: `${urn}:grant-type:jwt-bearer` };
  return {
    grant_type: `${urn}:grant-type:token-exchange`,
    subject_token_type: `${urn}:token-type:jwt`,
  };
}

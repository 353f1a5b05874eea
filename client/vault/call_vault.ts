import type { Context } from "../credentials/context.ts";
import { redact, retryAfterMs, send } from "../credentials/http.ts";
import { isObject, jsonObject } from "../credentials/json.ts";
import { retry } from "../credentials/retry.ts";
import { classifyVaultError } from "./classify_vault_error.ts";
import { vaultFailure } from "./vault_error.ts";

/** Where Vault is. */
export interface VaultPlace {
  readonly address: string;
  readonly namespace: string | undefined;
}

/** One call of Vault's auth API. */
export interface VaultCall {
  readonly path: string;
  /** What the call is for, completing "Cannot …". */
  readonly purpose: string;
  readonly body: Record<string, unknown>;
  /** Vault token to call with. */
  readonly token?: string;
  /** What must not show in an error. */
  readonly secret?: string;
}

/** A token as Vault hands it out. */
export interface VaultAuth {
  readonly token: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly renewable: boolean;
  readonly batch: boolean;
  /** By our clock, in milliseconds; Infinity when it does not end. */
  readonly expiresAt: number;
}

/** Headers that every call to Vault carries. */
export function vaultHeaders(place: VaultPlace, token?: string): Record<string, string> {
  return {
    "x-vault-request": "true",
    ...(place.namespace && { "x-vault-namespace": place.namespace }),
    ...(token && { "x-vault-token": token }),
  };
}

/** Posts to Vault, again where Vault's own client would; the text of the answer. */
export function callVault(call: VaultCall, place: VaultPlace, context: Context): Promise<string> {
  const fail = vaultFailure(call.purpose);
  const request = {
    url: `${place.address}/v1/${call.path}`,
    headers: { ...vaultHeaders(place, call.token), "content-type": "application/json" },
    body: JSON.stringify(call.body),
  };
  return retry(context, async () => {
    const { status, text, headers } = await send(request, context, fail);
    if (status === 200 || status === 204) return text;
    const errors = jsonObject(text)?.errors;
    const said = Array.isArray(errors) ? errors.join("; ") : "";
    const vendorMessage = redact(said, [call.secret, call.token]);
    throw fail({
      ...classifyVaultError(status, vendorMessage),
      vendorCode: `HTTP ${status}`,
      vendorMessage,
      status,
      retryAfterMs: retryAfterMs(headers, context.now()),
    });
  });
}

/** The `auth` part of an answer; an error when there is none. */
export function readAuth(text: string, purpose: string, now: number): VaultAuth {
  const auth = jsonObject(text)?.auth;
  const fail = vaultFailure(purpose);
  if (isObject(auth) && isObject(auth.mfa_requirement)) {
    throw fail({
      code: "access_denied",
      vendorMessage: "Vault demands a second factor",
      advice: "Exempt this auth method from Vault's login MFA: a workload has no second factor.",
    });
  }
  if (!isObject(auth) || typeof auth.client_token !== "string" || !auth.client_token) {
    throw fail({ code: "invalid_response", vendorMessage: "the answer holds no token" });
  }
  const seconds = Number(auth.lease_duration);
  return {
    token: auth.client_token,
    accessor: typeof auth.accessor === "string" ? auth.accessor : "",
    policies: Array.isArray(auth.policies) ? auth.policies.map(String) : [],
    metadata: isObject(auth.metadata) ? auth.metadata as Record<string, string> : {},
    renewable: auth.renewable === true,
    batch: auth.token_type === "batch",
    expiresAt: seconds > 0 ? now + seconds * 1_000 : Infinity,
  };
}

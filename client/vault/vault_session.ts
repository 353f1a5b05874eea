import type { Context } from "../credentials/context.ts";
import { CredentialError } from "../credentials/credential_error.ts";
import { refreshMargin } from "../credentials/timing.ts";
import { type Refreshing, refreshing } from "../credentials/refreshing.ts";
import { untilAborted } from "../until_aborted.ts";
import {
  callVault,
  readAuth,
  type VaultAuth,
  vaultHeaders,
  type VaultPlace,
} from "./call_vault.ts";
import type { VaultSession, VaultTokenInfo } from "./options.ts";
import { vaultFailure } from "./vault_error.ts";

/** What a session is made from. */
export interface SessionParts {
  readonly context: Context;
  readonly place: VaultPlace;
  readonly login: () => Promise<VaultAuth>;
}

const purpose = "renew the Vault token";

/** Logs in for the first time and keeps the token from then on. */
export async function openSession({ context, place, login }: SessionParts): Promise<VaultSession> {
  let auth: VaultAuth | undefined;
  // Set when Vault no longer knows the token, which then is not worth renewing.
  let lost = false;
  let closed = false;
  const cache: Refreshing<VaultAuth> = refreshing(async () => {
    const next = (auth && !lost && await renewed(auth, place, context)) || await login();
    if (closed) await revoke(next, place, context);
    auth = next;
    lost = false;
    return { value: next, expiresAt: next.expiresAt };
  }, context);

  const open = () => {
    if (closed) {
      throw vaultFailure("use the Vault session")({
        code: "not_configured",
        vendorMessage: "it is closed",
      });
    }
  };
  const token = async (options?: { signal?: AbortSignal }) => {
    open();
    return (await cache.get(options?.signal)).token;
  };
  const close = async () => {
    if (closed) return;
    closed = true;
    if (auth) await revoke(auth, place, context);
  };
  await token();
  return {
    token,
    close,
    [Symbol.asyncDispose]: close,
    get info() {
      return infoOf(auth!);
    },
    fetch: async (path, init) => {
      const url = urlOf(path, place.address);
      const used = await token(init?.signal ? { signal: init.signal } : undefined);
      const response = await fetchAnswer(url, withToken(init, place, used), context);
      if (response.status !== 403 || !replayable(init) || !await unknownToken(response)) {
        return response;
      }
      if (auth?.token === used) {
        lost = true;
        cache.clear();
      }
      return await fetchAnswer(url, withToken(init, place, await token()), context);
    },
  };
}

/** The renewed token; undefined when a new login is needed. */
async function renewed(
  auth: VaultAuth,
  place: VaultPlace,
  context: Context,
): Promise<VaultAuth | undefined> {
  if (!auth.renewable || context.now() >= auth.expiresAt) return undefined;
  const call = { path: "auth/token/renew-self", purpose, body: {}, token: auth.token };
  try {
    const next = readAuth(await callVault(call, place, context), purpose, context.now());
    // Near its maximum a token is renewed for less and less time.
    const useful = next.expiresAt > auth.expiresAt + refreshMargin(auth.expiresAt - context.now());
    return useful ? next : undefined;
  } catch (error) {
    if (error instanceof CredentialError && !error.retryable) return undefined;
    throw error;
  }
}

async function revoke(auth: VaultAuth, place: VaultPlace, context: Context): Promise<void> {
  // Vault keeps no record of a batch token that could be revoked.
  if (auth.batch || context.now() >= auth.expiresAt) return;
  const call = { path: "auth/token/revoke-self", purpose: "revoke the Vault token", body: {} };
  try {
    await callVault({ ...call, token: auth.token }, place, context);
  } catch {
    // It ends by itself, and disposal must not hide the error that led here.
  }
}

function urlOf(path: string, address: string): string {
  const base = `${address}/v1/`;
  const url = new URL(path.replace(/^\/?(?:v1\/)?/, () => base));
  if (url.href.startsWith(new URL(base).href)) return url.href;
  throw new TypeError("Cannot use path: it leaves Vault's API");
}

function withToken(init: RequestInit | undefined, place: VaultPlace, token: string): RequestInit {
  const headers = new Headers(init?.headers);
  for (const [name, value] of Object.entries(vaultHeaders(place, token))) headers.set(name, value);
  return { ...init, headers, redirect: "error" };
}

/** Fetches, ended by either signal at any time, and by the deadline until the answer begins. */
async function fetchAnswer(url: string, init: RequestInit, context: Context): Promise<Response> {
  const deadline = new AbortController(), { timeoutMs } = context;
  const late = new DOMException(`Vault did not answer within ${timeoutMs} ms.`, "TimeoutError");
  const timer = setTimeout(() => deadline.abort(late), timeoutMs);
  const signals = [deadline.signal, init.signal, context.signal].filter((one) => one != null);
  const signal = AbortSignal.any(signals);
  try {
    return await untilAborted(signal, () => context.fetch(url, { ...init, signal }));
  } finally {
    clearTimeout(timer);
  }
}

function replayable(init: RequestInit | undefined): boolean {
  return init?.body === undefined || init.body === null || typeof init.body === "string";
}

/** Whether Vault refuses because it no longer knows the token, and not for lack of a policy. */
async function unknownToken(response: Response): Promise<boolean> {
  return (await response.clone().text()).includes("invalid token");
}

function infoOf({ accessor, policies, metadata, renewable, expiresAt }: VaultAuth): VaultTokenInfo {
  const end = Number.isFinite(expiresAt) ? new Date(expiresAt) : undefined;
  return { accessor, policies, metadata, renewable, expiresAt: end };
}

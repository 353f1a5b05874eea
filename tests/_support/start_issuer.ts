import type { SharedParts } from "../../issuer/assemble_issuer.ts";
import { createIssuerWith, type Issuer, type IssuerOptions } from "../../issuer/create_issuer.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import type { Kv } from "../../kv/kv.ts";
import { signingParts } from "./signing_parts.ts";

/** Admin token of every issuer that {@linkcode startIssuer} makes. */
export const adminToken = "test-admin-token-0123456789-0123456789";

/** An issuer in this process with a clock that a test can turn. */
export interface StartedIssuer extends AsyncDisposable {
  readonly issuer: Issuer;
  readonly url: string;
  readonly kv: Kv;
  readonly clock: { now: number };
  /** Sends a request below the issuer URL. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Sends an admin request with a JSON body. */
  admin(method: string, path: string, body?: unknown, headers?: HeadersInit): Promise<Response>;
  /** Registers a workload and gives a request token of it. */
  register(
    workload?: Record<string, unknown>,
    credential?: Record<string, unknown>,
  ): Promise<string>;
  /** Asks for a token by GitHub's request protocol. */
  token(requestToken: string, query: Record<string, string>): Promise<Response>;
}

/** Starts an issuer on a KV in memory, or on the one given. */
export function startIssuer(
  options: Partial<IssuerOptions> = {},
  parts: Partial<SharedParts> = {},
): StartedIssuer {
  const url = options.issuer ?? "https://tokens.test";
  const clock = { now: Date.UTC(2026, 0, 1) };
  const kv = options.kv ?? memoryKv();
  const issuer = createIssuerWith({
    issuer: url,
    kv,
    adminToken,
    keyEncryptionKeys: [new Uint8Array(32).fill(7)],
    now: () => clock.now,
    ...options,
  }, { ...signingParts(), ...parts });
  const get = (path: string, init?: RequestInit) => issuer.fetch(new Request(url + path, init));
  const admin = (method: string, path: string, body?: unknown, headers: HeadersInit = {}) => {
    const all = new Headers(headers);
    all.set("authorization", `Bearer ${adminToken}`);
    if (body !== undefined && !all.has("content-type")) all.set("content-type", "application/json");
    return get(`/admin/${path}`, {
      method,
      headers: all,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  };
  return {
    issuer,
    url,
    kv,
    clock,
    get,
    admin,
    async register(workload = {}, credential = {}) {
      const web = {
        id: "web",
        org: "acme",
        app: "web",
        context: "production",
        audiences: ["*"],
        ...workload,
      };
      const created = await admin("POST", "workloads", web);
      if (!created.ok) throw new Error(await created.text());
      const added = await admin("POST", `workloads/${web.id}/credentials`, {
        type: "request_token",
        ...credential,
      });
      if (!added.ok) throw new Error(await added.text());
      return (await added.json()).secret;
    },
    token: (requestToken, query) =>
      get(`/token?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${requestToken}` },
      }),
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

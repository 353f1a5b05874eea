import { decodeBase64Url } from "@std/encoding/base64url";
import { createIssuerWith } from "../../issuer/create_issuer.ts";
import { adminToken } from "../_support/start_issuer.ts";
import {
  type Isolate,
  type IsolateParts,
  ISSUER_URL,
  keyGenerator,
  namingSigners,
} from "./isolate.ts";

/** An answer of the issuer that is no success. */
export class AnswerError extends Error {
  readonly code: string;
  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.code = status === 503 ? "kv_unavailable" : `status_${status}`;
  }
}

/** An isolate that is the whole issuer, spoken to by HTTP. */
export interface IssuerIsolate extends Isolate {
  /** Registers a workload; gives a request token of it. */
  register(): Promise<string>;
}

/** Makes an {@link IssuerIsolate}, whose tokens are asked for with a request token. */
export function issuerIsolate(parts: IsolateParts, requestToken: () => string): IssuerIsolate {
  const { configuration: { policy }, scheduler, process } = parts;
  const issuer = createIssuerWith({
    issuer: ISSUER_URL,
    kv: parts.kv,
    adminToken,
    keyEncryptionKeys: parts.release.keyEncryptionKeys,
    timings: {
      periodSeconds: policy.period / 1_000,
      leadSeconds: policy.lead / 1_000,
      tailSeconds: policy.tail / 1_000,
      jwksMaxAgeSeconds: policy.jwksMaxAge / 1_000,
    },
    now: () => (scheduler.activity++, scheduler.now + process.skew),
    randomBytes: (length) => scheduler.random.bytes(length),
  }, { signers: namingSigners(parts), generateKey: keyGenerator(parts) });

  async function ask(path: string, init: RequestInit): Promise<Record<string, unknown>> {
    const response = await issuer.fetch(new Request(ISSUER_URL + path, init));
    const text = await response.text();
    if (!response.ok) throw new AnswerError(response.status, text);
    return text === "" ? {} : JSON.parse(text);
  }

  function admin(method: string, path: string, body?: unknown) {
    const headers = { authorization: `Bearer ${adminToken}`, "content-type": "application/json" };
    return ask(`/admin/${path}`, { method, headers, body: JSON.stringify(body) });
  }

  return {
    process,
    release: parts.release,
    async mint(alg, lifetime) {
      const query = new URLSearchParams({ audience: "vault", ttl: String(lifetime / 1_000) });
      const headers = { authorization: `Bearer ${requestToken()}` };
      const { value } = await ask(`/token?${query}`, { headers });
      const [header, claims] = String(value).split(".").slice(0, 2).map((part) =>
        JSON.parse(new TextDecoder().decode(decodeBase64Url(part)))
      );
      return {
        ...{ kid: header.kid, alg },
        ...{ issuedAt: claims.iat * 1_000, expiresAt: claims.exp * 1_000 },
      };
    },
    async keys() {
      const { keys } = await ask("/.well-known/jwks.json", {});
      return { kids: (keys as { kid: string }[]).map(({ kid }) => kid), epochs: {} };
    },
    maintain: () => issuer.maintain(),
    rotate: (options) => admin("POST", "keys/rotate", options),
    revoke: (kid) => admin("DELETE", `keys/${kid}`),
    async register() {
      const workload = { org: "acme", app: "web", context: "production", audiences: ["*"] };
      await admin("POST", "workloads", { id: "web", ...workload });
      const added = await admin("POST", "workloads/web/credentials", {
        type: "request_token",
        expiresIn: 365 * 86_400,
      });
      return String(added.secret);
    },
  };
}

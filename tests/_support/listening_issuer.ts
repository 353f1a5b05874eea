import type { Issuer, IssuerOptions } from "../../issuer/create_issuer.ts";
import { type StartedIssuer, startIssuer } from "./start_issuer.ts";

/** How {@linkcode listeningIssuer} listens. */
export interface ListenOptions extends Partial<Omit<IssuerOptions, "issuer">> {
  /** Path of the issuer URL. Default none. */
  readonly path?: string;
  /** Serves https with it. Default plain http. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A real issuer on a free port of loopback, by the real clock unless a clock is given. */
export function listeningIssuer(
  { path = "", certificate, ...options }: ListenOptions = {},
): StartedIssuer {
  const handler: { fetch?: Issuer["fetch"] } = {};
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {}, ...certificate },
    (request) => handler.fetch!(request),
  );
  const scheme = certificate ? "https" : "http";
  const url = `${scheme}://127.0.0.1:${server.addr.port}${path}`;
  const started = startIssuer({ issuer: url, now: Date.now, ...options });
  handler.fetch = started.issuer.fetch;
  return {
    ...started,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await started[Symbol.asyncDispose]();
    },
  };
}

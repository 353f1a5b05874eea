// An issuer on a free loopback port, its keys and workloads in memory.
import { createIssuer, type Issuer } from "@signet/oidc/issuer";

/** Starts the issuer; `await using` stops it again. */
export async function startIssuer(adminToken: string): Promise<AsyncDisposable & { url: string }> {
  const handler: { fetch?: Issuer["fetch"] } = {};
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => handler.fetch!(request),
  );
  const kv = await Deno.openKv(":memory:");
  const url = `http://127.0.0.1:${server.addr.port}`;
  const issuer = createIssuer({ issuer: url, kv, adminToken });
  await issuer.start();
  handler.fetch = issuer.fetch;
  return {
    url,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await issuer[Symbol.asyncDispose]();
      kv.close();
    },
  };
}

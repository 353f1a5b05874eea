// An issuer on a free loopback port, its keys and workloads in memory.
import { createIssuer, type Issuer } from "@signet/oidc/issuer";

/** Starts the issuer; `await using` stops it again. */
export async function startIssuer(adminToken: string): Promise<AsyncDisposable & { url: string }> {
  let issuer: Issuer | undefined;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => issuer!.fetch(request),
  );
  const kv = await Deno.openKv(":memory:");
  issuer = createIssuer({ issuer: `http://127.0.0.1:${server.addr.port}`, kv, adminToken });
  await issuer.start();
  return {
    url: issuer.issuer,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await issuer![Symbol.asyncDispose]();
      kv.close();
    },
  };
}

import type { Child } from "./child.ts";
import { load, type LoadRequest } from "./load.ts";
import { startPeer } from "./peers.ts";

/** A token endpoint that somebody else wrote. */
export type PeerName = "oidc-provider" | "oauth2-mock-server";

const form = { "content-type": "application/x-www-form-urlencoded" };
const clients = 100;

/** Starts a peer under a runtime. */
export function startTokenPeer(
  name: PeerName,
  { alg, runtime }: { alg: string; runtime: "deno" | "node" },
): Promise<Child<{ url: string }>> {
  const file = `${name.replaceAll("-", "_")}.mjs`;
  return startPeer(file, { runtime, args: [alg, String(clients)] });
}

/** Tokens per second of distinct clients. */
export async function loadPeer(
  name: PeerName,
  { url, seconds }: { url: string; seconds: number },
): Promise<number> {
  const requests = name === "oidc-provider" ? providerRequests() : [mockRequest];
  return (await load({ url, requests, connections: 32, seconds })).perSecond;
}

const mockRequest: LoadRequest = {
  ...{ method: "POST", path: "/token", headers: form, body: "grant_type=client_credentials" },
};

function providerRequests(): LoadRequest[] {
  return Array.from({ length: clients }, (_, index) => ({
    method: "POST",
    path: "/token",
    headers: { ...form, authorization: `Basic ${btoa(`web-${index}:${"s".repeat(43)}`)}` },
    body: "grant_type=client_credentials",
  }));
}

import { assert, assertEquals } from "@std/assert";
import type { Signers } from "../../keys/signer.ts";
import { startIssuer } from "../_support/start_issuer.ts";

const profiles = [{ name: "eddsa", audiences: ["https://eddsa.test"], alg: "EdDSA" }] as const;

function asking(started: ReturnType<typeof startIssuer>, secret: string, audience: string) {
  return new Request(`${started.url}/token?${new URLSearchParams({ audience })}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
}

Deno.test("Issuer.handle answers without a promise what needs no waiting", async () => {
  await using started = startIssuer({ profiles });
  const { issuer, url } = started;
  const secret = await started.register();
  // The first of each reads keys and workload, and signs what is given again below.
  for (const audience of ["https://eddsa.test", "sts.amazonaws.com"]) {
    const promised = issuer.fetch(asking(started, secret, audience));
    assert(promised instanceof Promise);
    const answer = await promised;
    assertEquals(answer.status, 200, await answer.text());
  }
  const requests: readonly [Request, status: number][] = [
    [new Request(`${url}/.well-known/openid-configuration`), 200],
    [new Request(`${url}/.well-known/jwks.json`), 200],
    [new Request(`${url}/.well-known/jwks.json`, { method: "HEAD" }), 200],
    [new Request(`${url}/nothing`), 404],
    [asking(started, secret, "https://eddsa.test"), 200],
    [asking(started, secret, "sts.amazonaws.com"), 200],
    [asking(started, "signet_rt_unknown", "sts.amazonaws.com"), 401],
    [asking(started, secret, ""), 400],
  ];
  for (const [request, status] of requests) {
    const answer = issuer.handle(request);
    const { status: given } = answer as Response;
    assertEquals(given, status, `${request.method} ${request.url}`);
  }
});

const slowSigners: Signers = {
  importKey: () =>
    Promise.resolve({ sign: () => Promise.resolve(new Uint8Array(64)), forget() {} }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

Deno.test("Issuer.handle gives a promise where a signature takes its time", async () => {
  await using started = startIssuer({}, { signers: slowSigners });
  const secret = await started.register();
  const audience = "https://service.test";
  await started.issuer.fetch(asking(started, secret, audience));
  const answer = started.issuer.handle(asking(started, secret, audience));
  assert(answer instanceof Promise);
  assertEquals((await answer).status, 200);
});

Deno.test("Issuer.handle finds tenants, and fetch gives a promise of every answer", async () => {
  await using started = startIssuer({ tenants: { acme: {} } });
  for (const base of [started.url, `${started.url}/acme`]) {
    const request = () => new Request(`${base}/.well-known/openid-configuration`);
    const answer = await started.issuer.handle(request());
    assertEquals((await answer.json()).issuer, base);
    const promised = started.issuer.fetch(request());
    assert(promised instanceof Promise);
    assertEquals((await (await promised).json()).issuer, base);
  }
});

Deno.test("Issuer.handle answers and never throws when the keys cannot be read", async () => {
  const broken = () => Promise.reject(new Error("told to nobody"));
  const kv = { get: broken, getMany: broken, list: broken, commit: broken, atomic: broken };
  // deno-lint-ignore no-explicit-any -- a store without one sound method
  await using started = startIssuer({ kv: kv as any });
  for (const path of ["/.well-known/jwks.json", "/token?audience=a", "/healthz"]) {
    const answer = await started.issuer.handle(new Request(started.url + path));
    assert(answer.status >= 400, path);
    assert(!(await answer.text()).includes("told"), path);
  }
});

import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import type { Signers } from "../../keys/signer.ts";
import { requestHandler, type Route } from "../../issuer/handler.ts";
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
    assertInstanceOf(answer, Response, `${request.method} ${request.url}`);
    assertEquals((answer as Response).status, status);
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
  const jwks = await started.issuer.handle(new Request(`${started.url}/.well-known/jwks.json`));
  assertEquals(jwks.status, 503);
  assert(jwks.headers.has("content-security-policy"));
  assertEquals((await jwks.json()).status, "error");
  for (const path of ["/token?audience=a", "/healthz"]) {
    const answer = await started.issuer.handle(new Request(started.url + path));
    assert(answer.status >= 400, path);
    assert(!(await answer.text()).includes("told"), path);
  }
});

Deno.test("Issuer.handle answers 503 for a tenant that cannot be made", async () => {
  // deno-lint-ignore no-explicit-any -- what no type allows
  const profiles = [{ name: "wrong", audiences: ["*"], alg: "HS256" as any }];
  await using started = startIssuer({ tenants: { acme: { profiles } } });
  const answer = await started.issuer.handle(new Request(`${started.url}/acme/healthz`));
  assertEquals(answer.status, 503);
  assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
  await answer.body?.cancel();
});

Deno.test("requestHandler answers what a route throws or rejects, with the security headers", async () => {
  const failure = new Error("told to nobody");
  const routes = new Map<string, Route>([
    ["/throws", {
      GET() {
        throw failure;
      },
    }],
    ["/rejects", { GET: () => Promise.reject(failure) }],
  ]);
  const admin = () => Promise.reject(failure);
  const handle = requestHandler({ issuer: "https://tokens.test", routes, admin });
  for (const path of ["/throws", "/rejects", "/admin/anything"]) {
    const answer = await handle(new Request(`https://tokens.test${path}`));
    assertEquals(answer.status, 503, path);
    assert(answer.headers.has("content-security-policy"), path);
    assert(!(await answer.text()).includes("told"), path);
  }
});

/** What a caller or an operator writes into claims, over HTTP, and what the token then says. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeJwt } from "jose";
import { platformNetwork } from "../_support/platform_issuer.ts";
import { startIssuer } from "../_support/start_issuer.ts";

const audience = "https://quick.test";
const profiles = [{ name: "quick", audiences: [audience], alg: "EdDSA" as const }];

/** Names that the issuer writes, in spellings that some reader takes for them. */
const reserved = [
  ...[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "kid",
    "alg",
    "act",
    "cnf",
    "azp",
    "may_act",
  ],
  ...["org", "app", "context", "workload", "deployment_id", "revision_id", "ISS", "Sub"],
  ...["https://aws.amazon.com/tags", "https://aws.amazon.com/roles", "__proto__", "constructor"],
];

Deno.test("threat 23: a workload whose claims bear a name of the issuer's is refused at registration", async () => {
  await using started = startIssuer();
  await started.register();
  const any = { "if-match": "*" };
  for (const name of reserved.filter((name) => name !== "constructor")) {
    const claims = JSON.parse(`{${JSON.stringify(name)}:"forged"}`);
    const fresh = { id: "new", org: "acme", app: "new", context: "production", audiences: ["*"] };
    const body = (value: object) =>
      JSON.stringify({ ...value, claims: 0 }).replace(
        '"claims":0',
        `"claims":${JSON.stringify(claims)}`,
      );
    const headers = { authorization: `Bearer test-admin-token-0123456789-0123456789`, ...any };
    const send = async (method: string, path: string, value: object) => {
      const response = await started.get(`/admin/${path}`, {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body: body(value),
      });
      await response.body?.cancel();
      return response.status;
    };
    assertEquals(
      [await send("POST", "workloads", fresh), await send("PATCH", "workloads/web", {})],
      [400, 400],
      name,
    );
  }
});

Deno.test("threat 23: no claim that a platform's token presents changes one that the issuer writes", async () => {
  const network = platformNetwork();
  const platform = await network.add("https://token.actions.githubusercontent.com");
  await using started = startIssuer({ fetch: network.fetch, profiles });
  const rule = { issuer: platform.url, audience: started.url, claims: { repository_id: "74" } };
  await started.register({ trust: [rule], claims: { team: "payments" } });
  const iat = started.clock.now / 1000;
  let serial = 0;
  async function exchange(presented: Record<string, unknown>): Promise<Record<string, unknown>> {
    const sound = { iss: platform.url, aud: started.url, repository_id: "74", iat, exp: iat + 300 };
    const token = await platform.sign({ sub: "job", ...presented, ...sound, jti: `t${serial++}` });
    const form = {
      ...{ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: token, audience },
    };
    const response = await started.get("/token", {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const body = await response.json();
    assert(response.ok, JSON.stringify([body, presented]));
    return decodeJwt(body.access_token);
  }
  const plain = await exchange({});
  const name = fc.oneof(
    fc.constantFrom(...reserved.filter((name) => !["sub", "nbf", "__proto__"].includes(name))),
    fc.constantFrom("ref", "environment", "actor", "team", "deploymentId", "extra"),
    fc.string({ maxLength: 9 }),
  );
  const value = fc.oneof(fc.constant("forged"), fc.jsonValue({ maxDepth: 2 }));
  const presented = fc.uniqueArray(fc.tuple(name, value), {
    selector: ([name]) => name,
    maxLength: 9,
  });
  await fc.assert(
    fc.asyncProperty(presented, async (entries) => {
      const minted = await exchange(Object.fromEntries(entries));
      assertEquals(Object.getPrototypeOf(minted), Object.prototype);
      for (const name of Object.keys(plain)) {
        if (name !== "jti") assertEquals(minted[name], plain[name], name);
      }
      const more = Object.keys(minted).filter((name) => !Object.hasOwn(plain, name));
      // Facts of the platform have names of their own, and only those that its preset knows.
      for (const name of more) assert(!reserved.includes(name), `${name} came in`);
    }),
    { numRuns: 120 },
  );
});

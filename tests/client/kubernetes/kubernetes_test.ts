import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  execCredential,
  KubernetesCredentialError,
  kubernetesToken,
  type KubernetesTokenOptions,
} from "../../../client/kubernetes.ts";
import { type CloudIssuer, type Mutation, startCloudIssuer } from "../../_support/cloud_issuer.ts";
import { type FakeKubernetes, fakeKubernetes } from "../../interop/fakes/kubernetes.ts";

const audience = "https://cluster.acme.test";
const username = "signet:deployment:acme/web/production";

interface Scene {
  issuer: CloudIssuer;
  cluster: FakeKubernetes;
  clock: { now: number };
  base: KubernetesTokenOptions;
  ask(token: string, path?: string, method?: string): Promise<Response>;
}

async function inScene(use: (scene: Scene) => Promise<void>, alg?: string): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ alg, now });
  const cluster = fakeKubernetes({
    issuer: issuer.url,
    audiences: [audience],
    usernamePrefix: "signet:",
    claimRules: { "wrong org": ({ org }) => org === "acme" },
    viewers: [username],
    now,
  });
  const base = { audience, getIdToken: issuer.getIdToken, now, env: () => undefined };
  const ask = (
    token: string,
    path = "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    method = "POST",
  ) =>
    cluster.fetch(`${audience}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  await use({ issuer, cluster, clock, base, ask });
}

Deno.test("kubernetesToken gives a bearer that the API server knows", () =>
  inScene(async ({ base, ask }) => {
    const token = await kubernetesToken(base)();
    const review = await (await ask(token)).json();
    assertEquals(review.status.userInfo.username, username);
    assertEquals((await ask(token, "/api/v1/namespaces/shop/pods", "GET")).status, 200);
  }));

Deno.test("kubernetesToken holds the token while fresh and asks for a lifetime when told to", () =>
  inScene(async ({ issuer, clock, base }) => {
    const token = kubernetesToken({ ...base, ttl: 600 });
    await token.prefetch();
    const first = await token();
    clock.now += 479_000;
    assertEquals(await token(), first);
    assertEquals(issuer.minted, [{ audience, wishes: { ttl: 600 } }]);
    clock.now += 121_000;
    assert(await token() !== first);
  }));

Deno.test("execCredential gives kubectl the token and a time to ask again before it ends", () =>
  inScene(async ({ clock, base, ask }) => {
    const { apiVersion, kind, status } = await execCredential(base);
    assertEquals([apiVersion, kind], ["client.authentication.k8s.io/v1", "ExecCredential"]);
    assertEquals((await ask(status.token)).status, 201);
    assert(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(status.expirationTimestamp));
    const left = Date.parse(status.expirationTimestamp) - clock.now;
    assert(left > 235_000 && left <= 240_000, `${left}`);
  }));

Deno.test("execCredential reads version and audience from what kubectl tells it", () =>
  inScene(async ({ issuer, base }) => {
    const info = {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: {
        interactive: false,
        cluster: { server: "https://c", config: { audience: "from-config" } },
      },
    };
    const vars: Record<string, string> = { KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const options = { ...base, audience: undefined, env: (name: string) => vars[name] };
    const { apiVersion } = await execCredential(options);
    assertEquals(apiVersion, "client.authentication.k8s.io/v1beta1");
    vars.SIGNET_KUBERNETES_AUDIENCE = "from-env";
    await execCredential(options);
    await execCredential({ ...options, audience });
    assertEquals(issuer.minted.map((one) => one.audience), ["from-config", "from-env", audience]);
    vars.KUBERNETES_EXEC_INFO = "not json";
    delete vars.SIGNET_KUBERNETES_AUDIENCE;
    const error = await assertRejects(
      () => execCredential(options),
      KubernetesCredentialError,
    ) as Error;
    assertStringIncludes(error.message, "SIGNET_KUBERNETES_AUDIENCE");
    await assertRejects(() => kubernetesToken(options)(), KubernetesCredentialError);
  }));

Deno.test("kubernetesToken refuses a lifetime out of bounds", () => {
  assertThrows(() => kubernetesToken({ audience, ttl: 0 }), TypeError, "Cannot use ttl");
});

const faulty: Record<string, { mutation: Mutation; says: string }> = {
  "a foreign issuer": {
    mutation: { claims: { iss: "https://e.test" } },
    says: "issued by a different provider",
  },
  "another audience": {
    mutation: { claims: { aud: "x" } },
    says: 'expected audience "https://cluster.acme.test" got ["x"]',
  },
  "an end in the past": { mutation: { claims: { exp: 1_000 } }, says: "token is expired" },
  "no end": { mutation: { claims: { exp: undefined } }, says: "token is expired" },
  "a beginning in the future": {
    mutation: { claims: { nbf: 9_999_999_999 } },
    says: "before the nbf",
  },
  "an unknown kid": {
    mutation: { header: { kid: "nobody" } },
    says: "failed to verify id token signature",
  },
  "no subject": { mutation: { claims: { sub: undefined } }, says: "claim not present" },
  "another organization": { mutation: { claims: { org: "evil" } }, says: "wrong org" },
};

for (const [what, { mutation, says }] of Object.entries(faulty)) {
  Deno.test(`the stand-in for Kubernetes refuses a token with ${what}`, () =>
    inScene(async ({ issuer, cluster, base, ask }) => {
      issuer.mutation = mutation;
      const response = await ask(await kubernetesToken(base)());
      assertEquals([response.status, (await response.json()).message], [401, "Unauthorized"]);
      assertStringIncludes(cluster.log[0]!, says);
    }));
}

Deno.test("the stand-in for Kubernetes takes ES256, refuses EdDSA, and keeps strangers out", async () => {
  await inScene(async ({ base, ask }) => {
    assertEquals((await ask(await kubernetesToken(base)())).status, 201);
  }, "ES256");
  await inScene(async ({ issuer, base, ask }) => {
    assertEquals((await ask(await kubernetesToken(base)())).status, 401);
    assertEquals((await ask("x")).status, 401);
    issuer.mutation = {};
  }, "EdDSA");
  await inScene(async ({ issuer, base, ask }) => {
    issuer.mutation = { claims: { sub: "someone" } };
    const token = await kubernetesToken(base)();
    assertEquals((await ask(token, "/api/v1/namespaces/shop/pods", "GET")).status, 403);
  });
});

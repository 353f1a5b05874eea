import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  googleAccessToken,
  type GoogleAccessTokenOptions,
  GoogleCredentialError,
  googleIdToken,
  subjectTokenSupplier,
} from "../../../client/gcp.ts";
import { createIdTokenClient } from "../../../client/mod.ts";
import { peekClaims } from "../../../client/credentials/json.ts";
import {
  type CloudIssuer,
  type Mutation,
  signingKey,
  startCloudIssuer,
} from "../../_support/cloud_issuer.ts";
import { eventually } from "../../_support/eventually.ts";
import { ApiFault, type FakeGoogle, fakeGoogle, StsFault } from "../../interop/fakes/google.ts";
import type { PoolProvider } from "../../interop/fakes/google/world.ts";

const path = "projects/123456789012/locations/global/workloadIdentityPools/signet/providers/issuer";
const name = `//iam.googleapis.com/${path}`;
const sub = "deployment:acme/web/production";
const principal =
  `principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/signet/subject/${sub}`;
const account = "web@shop.iam.gserviceaccount.com";
const sts = "POST /v1/token";
const actAs = `POST /v1/projects/-/serviceAccounts/${account}:generateAccessToken`;

interface Scene {
  issuer: CloudIssuer;
  google: FakeGoogle;
  clock: { now: number };
  base: GoogleAccessTokenOptions;
}

async function inScene(
  use: (scene: Scene) => Promise<void>,
  options: { alg?: string; subject?: string; provider?: Partial<PoolProvider> } = {},
): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ alg: options.alg, subject: options.subject, now });
  const google = fakeGoogle({
    providers: [{ name, issuer: issuer.url, ...options.provider }],
    accounts: [
      { email: account, users: [principal] },
      { email: "hop@shop.iam.gserviceaccount.com", users: [principal] },
      {
        email: "end@shop.iam.gserviceaccount.com",
        users: [],
        creators: ["hop@shop.iam.gserviceaccount.com"],
      },
    ],
    now,
  });
  const base = {
    provider: path,
    getIdToken: issuer.getIdToken,
    fetch: google.fetch,
    now,
    env: () => undefined,
    random: () => 0,
    sleep: (ms: number) => Promise.resolve(void (clock.now += ms)),
  };
  await use({ issuer, google, clock, base });
}

const rejected = async (work: () => Promise<unknown>): Promise<GoogleCredentialError> =>
  await assertRejects(work, GoogleCredentialError) as GoogleCredentialError;

Deno.test("googleAccessToken gives the identity's own token, an hour long", () =>
  inScene(async ({ issuer, google, clock, base }) => {
    const { token, expiresAt } = await googleAccessToken(base)();
    assertEquals(google.world.grants.get(token)?.principal, principal);
    assertEquals(Math.round((expiresAt.getTime() - clock.now) / 1000), 3_599);
    assertEquals(issuer.minted, [{ audience: `https:${name}`, wishes: { ttl: 3_600 } }]);
    assertEquals(google.log, [sts]);
  }));

Deno.test("googleAccessToken acts as a service account with an ordinary identity token", () =>
  inScene(async ({ issuer, google, base }) => {
    const scopes = ["https://www.googleapis.com/auth/devstorage.read_only"];
    const { token } = await googleAccessToken({ ...base, serviceAccount: account, scopes })();
    const granted = google.world.grants.get(token)!;
    assertEquals([granted.principal, granted.scopes], [`serviceAccount:${account}`, scopes]);
    assertEquals(issuer.minted[0]!.wishes, undefined);
    assertEquals(google.log, [sts, actAs]);
  }));

Deno.test("googleAccessToken goes through delegates", () =>
  inScene(async ({ google, base }) => {
    const delegates = ["hop@shop.iam.gserviceaccount.com"];
    const serviceAccount = "end@shop.iam.gserviceaccount.com";
    const { token } = await googleAccessToken({ ...base, serviceAccount, delegates })();
    assertEquals(google.world.grants.get(token)!.principal, `serviceAccount:${serviceAccount}`);
  }));

Deno.test("googleAccessToken asks once for many callers and refreshes 20 % before the end of a short token", () =>
  inScene(async ({ issuer, google, clock, base }) => {
    // A source that ignores ttl: the federated token then ends with its 300 seconds.
    const accessToken = googleAccessToken({
      ...base,
      getIdToken: (audience) => issuer.mint(audience),
    });
    await accessToken.prefetch();
    const [one, two] = await Promise.all([accessToken(), accessToken()]);
    assertEquals(one.token, two.token);
    clock.now += 235_000;
    assertEquals((await accessToken()).token, one.token);
    assertEquals(google.log, [sts]);
    clock.now += 6_000;
    assertEquals((await accessToken()).token, one.token, "the old one while the new one comes");
    await eventually(async () => (await accessToken()).token !== one.token);
    assertEquals(google.log, [sts, sts]);
  }));

Deno.test("googleAccessToken renews with an identity token that its client did not hold", () =>
  inScene(async ({ issuer, clock, base }) => {
    const client = createIdTokenClient({
      source: (audience, { ttl }) => issuer.mint(audience, { wishes: { ttl } }),
      now: base.now,
      env: base.env,
    });
    const accessToken = googleAccessToken({ ...base, getIdToken: undefined, client });
    const one = await accessToken();
    clock.now += 3_320_000;
    await accessToken();
    await eventually(async () => (await accessToken()).token !== one.token);
    const two = await accessToken();
    assertEquals(Math.round((two.expiresAt.getTime() - clock.now) / 1000), 3_599);
  }));

Deno.test("googleAccessToken does without a long life where the source refuses it", () =>
  inScene(async ({ issuer, base }) => {
    for (const code of ["unsupported_option", "request_refused"]) {
      const { token } = await googleAccessToken({
        ...base,
        getIdToken: (audience, wishes) => {
          if (wishes?.ttl) throw Object.assign(new Error("too long"), { code });
          return issuer.mint(audience);
        },
      })();
      assert(token);
    }
  }));

Deno.test("googleAccessToken retries 429 and 5xx, and nothing else", () =>
  inScene(async ({ google, base }) => {
    google.faults.push(
      new Response("", { status: 503 }),
      new ApiFault(429, "RESOURCE_EXHAUSTED", "Quota exceeded"),
    );
    await googleAccessToken(base)();
    assertEquals(google.log.length, 3);
    google.faults.push(new StsFault("invalid_request", "Bad scope", 400));
    assertEquals((await rejected(googleAccessToken(base))).vendorCode, "invalid_request");
    google.faults.push(new StsFault("invalid_client", "Unauthorized", 401));
    assertEquals((await rejected(googleAccessToken(base))).status, 401);
    assertEquals(google.log.length, 5);
  }));

Deno.test("googleAccessToken mints a fresh token once when Google calls it stale", () =>
  inScene(async ({ issuer, google, base }) => {
    google.faults.push(new StsFault("invalid_grant", "ID Token issued at 12 is stale to sign-in."));
    await googleAccessToken(base)();
    assertEquals(issuer.minted.map(({ wishes }) => wishes?.forceRefresh), [undefined, true]);
  }));

Deno.test("googleAccessToken waits for a binding to spread only when told to", () =>
  inScene(async ({ google, base }) => {
    const options = { ...base, serviceAccount: account };
    const stranger = { ...options, serviceAccount: "hop2@shop.iam.gserviceaccount.com" };
    const error = await rejected(googleAccessToken(stranger));
    assertEquals([error.code, error.status], ["access_denied", 403]);
    assertStringIncludes(error.advice!, "workloadIdentityUser");
    const before = google.log.length;
    await rejected(googleAccessToken({ ...stranger, spreadingMs: 10_000 }));
    assertEquals(google.log.length - before, 6, "one exchange, and a try every three seconds");
  }));

Deno.test("googleIdToken gives the service account's ID token for the target", () =>
  inScene(async ({ google, base, clock }) => {
    const targetAudience = "https://orders-abc.a.run.app";
    const idToken = googleIdToken({ ...base, serviceAccount: account, targetAudience });
    const { token, expiresAt } = await idToken();
    await idToken();
    assertEquals(peekClaims(token)?.aud, targetAudience);
    assertEquals(peekClaims(token)?.email, account);
    assert(Math.abs(expiresAt.getTime() - clock.now - 3_600_000) <= 1_000);
    assertEquals(google.log.length, 2);
    const error = await rejected(
      googleIdToken({ ...base, serviceAccount: undefined, targetAudience }),
    );
    assertStringIncludes(error.message, "SIGNET_GCP_SERVICE_ACCOUNT");
  }));

Deno.test("googleIdToken holds its token also where our clock is ahead of Google's", () =>
  inScene(async ({ google, base, clock }) => {
    const ahead = 3_700_000;
    const date = () => new Date(clock.now).toUTCString();
    const idToken = googleIdToken({
      ...base,
      serviceAccount: account,
      targetAudience: "https://orders-abc.a.run.app",
      now: () => clock.now + ahead,
      fetch: async (input, init) => {
        const response = await google.fetch(input, init);
        const headers = new Headers(response.headers);
        headers.set("date", date());
        return new Response(response.body, { status: response.status, headers });
      },
    });
    const { expiresAt } = await idToken();
    assert(Math.abs(expiresAt.getTime() - (clock.now + ahead + 3_600_000)) < 2_000, "by our clock");
    await idToken();
    assertEquals(google.log.length, 2);
  }));

Deno.test("subjectTokenSupplier mints for the provider that the library names, once while fresh", () =>
  inScene(async ({ issuer, base, clock }) => {
    const supplier = subjectTokenSupplier(base);
    const token = await supplier.getSubjectToken({ audience: name });
    assertEquals(await supplier.getSubjectToken({ audience: name }), token);
    assertEquals(peekClaims(token)?.aud, `https:${name}`);
    assertEquals(issuer.minted.length, 1);
    clock.now += 3_600_000;
    assert(await supplier.getSubjectToken({ audience: name }) !== token);
  }));

Deno.test("googleAccessToken reads provider and account from its own names before Deno Deploy's", () =>
  inScene(async ({ google, base }) => {
    const vars: Record<string, string> = {
      SIGNET_GCP_WORKLOAD_PROVIDER: path,
      GCP_WORKLOAD_PROVIDER_ID: path.replace("signet", "other"),
      GCP_SERVICE_ACCOUNT_EMAIL: account,
    };
    const options = { ...base, provider: undefined, env: (n: string) => vars[n] };
    await googleAccessToken(options)();
    assertEquals(google.log, [sts, actAs]);
    await googleAccessToken({ ...options, serviceAccount: null })();
    assertEquals(google.log, [sts, actAs, sts]);
    delete vars.SIGNET_GCP_WORKLOAD_PROVIDER;
    assertEquals((await rejected(googleAccessToken(options))).vendorCode, "invalid_target");
    delete vars.GCP_WORKLOAD_PROVIDER_ID;
    assertStringIncludes(
      (await rejected(googleAccessToken(options))).message,
      "SIGNET_GCP_WORKLOAD_PROVIDER",
    );
  }));

Deno.test("googleAccessToken takes a provider in parts or in any of its written forms", () =>
  inScene(async ({ issuer, base }) => {
    const parts = { projectNumber: 123456789012, pool: "signet", provider: "issuer" };
    for (const form of [parts, { provider: name }, { provider: `https:${name}` }]) {
      await googleAccessToken({ ...base, ...form })();
    }
    assertEquals(
      new Set(issuer.minted.map(({ audience }) => audience)),
      new Set([`https:${name}`]),
    );
  }));

Deno.test("googleAccessToken refuses options out of Google's limits before any request", () => {
  const bad: [GoogleAccessTokenOptions, string][] = [
    [{ provider: "issuer" }, "provider"],
    [{ projectNumber: "shop", pool: "signet", provider: "issuer" }, "projectNumber"],
    [{ provider: path, serviceAccount: "web" }, "serviceAccount"],
    [{ provider: path, serviceAccount: "a/b@c" }, "serviceAccount"],
    [{ provider: path, lifetime: 0 }, "lifetime"],
    [{ provider: path, lifetime: 43_201 }, "lifetime"],
    [{ provider: path, stsUrl: "http://sts.test/v1/token" }, "stsUrl"],
  ];
  for (const [options, option] of bad) {
    assertThrows(() => googleAccessToken(options), TypeError, `Cannot use ${option}`);
  }
});

Deno.test("googleAccessToken never puts a token into an error", () =>
  inScene(async ({ issuer, google, base }) => {
    const token = await issuer.mint(`https:${name}`);
    google.faults.push(new StsFault("invalid_grant", `cannot read ${token}`));
    const error = await rejected(
      googleAccessToken({ ...base, getIdToken: () => Promise.resolve(token) }),
    );
    assert(!error.message.includes(token.slice(0, 20)));
    google.faults.push(new Response("<html>", { status: 200 }));
    assertEquals((await rejected(googleAccessToken(base))).code, "invalid_response");
  }));

const faulty: Record<string, { mutation: Mutation; says: string; code?: string }> = {
  "another audience": {
    mutation: { claims: { aud: "x" } },
    says: "[x] does not match the expected audience",
  },
  "no audience": {
    mutation: { claims: { aud: undefined } },
    says: "[] does not match the expected audience",
  },
  "a foreign issuer": {
    mutation: { claims: { iss: "https://e.test" } },
    says: "does not match the expected ones",
  },
  "no exp": {
    mutation: { claims: { exp: undefined } },
    says: "issued at null",
    code: "id_token_expired",
  },
  "no iat": {
    mutation: { claims: { iat: undefined } },
    says: "issued at null",
    code: "id_token_expired",
  },
  "a fraction": {
    mutation: { claims: { iat: 1.5 } },
    says: "issued at null",
    code: "id_token_expired",
  },
  "an end in the past": {
    mutation: { claims: { exp: 1_000 } },
    says: "is stale",
    code: "id_token_expired",
  },
  "no kid": {
    mutation: { header: { kid: undefined } },
    says: "Error connecting",
    code: "issuer_unreachable",
  },
  "a long subject": { mutation: { claims: { sub: "é".repeat(64) } }, says: "127 bytes limit" },
  "another organization": { mutation: { claims: { org: "evil" } }, says: "attribute condition" },
};

for (const [what, { mutation, says, code }] of Object.entries(faulty)) {
  Deno.test(`googleAccessToken explains why Google refuses a token with ${what}`, () =>
    inScene(async ({ issuer, base }) => {
      issuer.mutation = mutation;
      const error = await rejected(googleAccessToken(base));
      assertStringIncludes(error.vendorMessage!, says);
      assertEquals(error.code, code ?? "id_token_rejected");
      assert(error.advice, "with advice");
    }, { provider: { condition: ({ org }) => org === "acme" } }));
}

Deno.test("the stand-in for Google tells an unknown kid from a wrong key", () =>
  inScene(async ({ issuer, base }) => {
    const other = await signingKey("RS256", "second");
    issuer.mutation = { key: { ...other, kid: issuer.key.kid } };
    assertStringIncludes(
      (await rejected(googleAccessToken(base))).message,
      "verify the ID Token signature",
    );
    issuer.mutation = { key: other };
    assertStringIncludes((await rejected(googleAccessToken(base))).message, "Error connecting");
  }));

Deno.test("the stand-in for Google wants an allowed audience once there is one", () =>
  inScene(async ({ base }) => {
    await rejected(googleAccessToken(base));
    await googleAccessToken({ ...base, idTokenAudience: "gcp" })();
  }, { provider: { allowedAudiences: ["gcp"] } }));

Deno.test("the stand-in for Google takes uploaded keys of the documented members only", async () => {
  const { jwk } = await signingKey();
  for (const good of [true, false]) {
    const key = good ? jwk : { ...jwk, key_ops: ["verify"] };
    await inScene(async ({ issuer, base }) => {
      issuer.jwks = { keys: [] };
      if (good) await googleAccessToken(base)();
      else await rejected(googleAccessToken(base));
    }, { provider: { jwks: { keys: [key] } } });
  }
});

Deno.test("the stand-in for Google takes ES256 and refuses EdDSA", async () => {
  await inScene(async ({ base }) => void await googleAccessToken(base)(), { alg: "ES256" });
  await inScene(async ({ base }) => void await rejected(googleAccessToken(base)), { alg: "EdDSA" });
});

import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  azureAssertion,
  azureCredential,
  AzureCredentialError,
  type AzureCredentialOptions,
} from "../../../client/azure.ts";
import {
  type CloudIssuer,
  type Mutation,
  signingKey,
  startCloudIssuer,
} from "../../_support/cloud_issuer.ts";
import { EntraFault, type FakeEntra, fakeEntra } from "../../interop/fakes/entra.ts";

const tenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";
const clientId = "11111111-2222-3333-4444-555555555555";
const subject = "deployment:acme/web/production";
const audience = "api://AzureADTokenExchange";
const scope = "https://storage.azure.com/.default";
const path = `POST /${tenantId}/oauth2/v2.0/token`;

interface Scene {
  issuer: CloudIssuer;
  entra: FakeEntra;
  clock: { now: number };
  base: AzureCredentialOptions;
}

async function inScene(
  use: (scene: Scene) => Promise<void>,
  options: { alg?: string; audience?: string } = {},
): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ alg: options.alg, now });
  const credentials = [{ issuer: issuer.url, subject, audience: options.audience ?? audience }];
  const apps = [{ tenantId, clientId, credentials }, { tenantId: "other", clientId, credentials }];
  const entra = fakeEntra({ apps, now });
  const base = {
    tenantId,
    clientId,
    getIdToken: issuer.getIdToken,
    fetch: entra.fetch,
    now,
    env: () => undefined,
    random: () => 0,
    sleep: (ms: number) => Promise.resolve(void (clock.now += ms)),
  };
  await use({ issuer, entra, clock, base });
}

const rejected = async (work: () => Promise<unknown>): Promise<AzureCredentialError> =>
  await assertRejects(work, AzureCredentialError) as AzureCredentialError;

Deno.test("azureCredential gives a token of the application for the scope", () =>
  inScene(async ({ issuer, entra, clock, base }) => {
    const { token, expiresOnTimestamp, tokenType } = await azureCredential(base).getToken(scope);
    assertEquals(entra.tokens.get(token), { clientId, scope });
    assertEquals([expiresOnTimestamp - clock.now, tokenType], [3_599_000, "Bearer"]);
    assertEquals(issuer.minted, [{ audience, wishes: undefined }]);
    assertEquals(entra.log, [path]);
  }));

Deno.test("azureCredential holds one token per tenant and scope, and asks once for many callers", () =>
  inScene(async ({ entra, clock, base }) => {
    const credential = azureCredential({ ...base, additionallyAllowedTenants: ["other"] });
    await credential.prefetch(scope);
    const [one, two] = await Promise.all([
      credential.getToken(scope),
      credential.getToken([scope]),
    ]);
    assertEquals(one, two);
    assert(one !== two, "each caller has a copy");
    assertEquals(entra.log.length, 1);
    await credential.getToken("https://vault.azure.net/.default");
    await credential.getToken(scope, { tenantId: "other" });
    assertEquals(entra.log.length, 3);
    clock.now += 3_599_000;
    await credential.getToken(scope);
    assertEquals(entra.log.length, 4);
  }));

Deno.test("azureCredential refuses a tenant that it was not told of", () =>
  inScene(async ({ entra, base }) => {
    const asked = () => azureCredential(base).getToken(scope, { tenantId: "other" });
    assertStringIncludes((await rejected(asked)).message, "additionallyAllowedTenants");
    assertEquals(entra.log, []);
    await azureCredential({ ...base, additionallyAllowedTenants: ["*"] })
      .getToken(scope, { tenantId: "other" });
  }));

Deno.test("azureCredential answers a challenge with a new token and passes its claims on", () =>
  inScene(async ({ entra, base }) => {
    const credential = azureCredential(base);
    const first = await credential.getToken(scope);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const second = await credential.getToken(scope, { claims });
    assert(second.token !== first.token);
    assertEquals((await credential.getToken(scope)).token, second.token);
    assertEquals(entra.forms.map((form) => form.get("claims")), [null, claims]);
    await credential.getToken(scope, { claims, enableCae: true });
    const sent = JSON.parse(entra.forms[2]!.get("claims")!);
    assertEquals(Object.keys(sent.access_token), ["nbf", "xms_cc"]);
  }));

Deno.test("azureCredential keeps the held token for everyone else when a challenge is refused", () =>
  inScene(async ({ entra, base }) => {
    const credential = azureCredential(base);
    const first = await credential.getToken(scope);
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    entra.faults.push(new EntraFault(50158, "External security challenge not satisfied."));
    await rejected(() => credential.getToken(scope, { claims }));
    assertEquals(await credential.getToken(scope), first);
    assertEquals(entra.log.length, 2);
  }));

Deno.test("azureCredential answers many callers of one challenge at once, and renews without it", () =>
  inScene(async ({ entra, clock, base }) => {
    const credential = azureCredential(base);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => credential.getToken(scope, { claims })),
    );
    assertEquals(new Set(tokens.map(({ token }) => token)).size, 1);
    clock.now += 3_599_000;
    await credential.getToken(scope);
    assertEquals(entra.forms.map((form) => form.get("claims")), [claims, null]);
  }));

Deno.test("azureCredential knows each cloud's authority and audience", async () => {
  const clouds = [
    ["public", "login.microsoftonline.com", ""],
    ["china", "login.chinacloudapi.cn", "China"],
    ["usgov", "login.microsoftonline.us", "USGov"],
    ["france", "login.sovcloud-identity.fr", "France"],
    ["germany", "login.sovcloud-identity.de", "Germany"],
    ["singapore-gov", "login.sovcloud-identity.sg", "GovSG"],
  ] as const;
  for (const [cloud, host, suffix] of clouds) {
    await inScene(async ({ issuer, entra, base }) => {
      const hosts: string[] = [];
      const fetch: typeof globalThis.fetch = (input, init) => {
        hosts.push(new URL(String(input)).host);
        return entra.fetch(input, init);
      };
      await azureCredential({ ...base, fetch, cloud }).getToken(scope);
      const authorityHost = `https://${host}/`;
      await azureCredential({ ...base, fetch, authorityHost }).getToken(scope);
      const env = (name: string) => name === "AZURE_AUTHORITY_HOST" ? authorityHost : undefined;
      await azureCredential({ ...base, fetch, env }).getToken(scope);
      assertEquals(hosts, [host, host, host]);
      assertEquals(issuer.minted.length, 3);
    }, { audience: audience + suffix });
  }
});

Deno.test("azureAssertion gives the identity token from memory while it is fresh", () =>
  inScene(async ({ issuer, clock, base }) => {
    const assertion = azureAssertion({ ...base, cloud: "usgov" });
    const first = await assertion();
    assertEquals(await assertion(), first);
    assertEquals(issuer.minted.map((one) => one.audience), ["api://AzureADTokenExchangeUSGov"]);
    clock.now += 300_000;
    assert(await assertion() !== first);
  }));

Deno.test("azureCredential retries what Entra calls transient, and nothing else", () =>
  inScene(async ({ entra, base }) => {
    entra.faults.push(
      new EntraFault(
        90033,
        "A transient error has occurred. Please try again.",
        "temporarily_unavailable",
      ),
      new Response("", { status: 503 }),
    );
    await azureCredential(base).getToken(scope);
    assertEquals(entra.log.length, 3);
    entra.faults.push(
      ...[1, 2, 3].map(() => new EntraFault(50166, "Request to External OIDC endpoint failed.")),
    );
    const unreachable = await rejected(() => azureCredential(base).getToken(scope));
    assertEquals([unreachable.code, entra.log.length], ["issuer_unreachable", 6]);
    for (const options of [{ clientId: "nobody" }, { tenantId: "nowhere" }]) {
      await rejected(() => azureCredential({ ...base, ...options }).getToken(scope));
    }
    assertEquals(entra.log.length, 8);
  }));

Deno.test("azureCredential waits for a new federated credential only when told to", () =>
  inScene(async ({ entra, base }) => {
    const none = () =>
      new EntraFault(700211, "No matching federated identity record found", "invalid_client", 401);
    entra.faults.push(none());
    await rejected(() => azureCredential(base).getToken(scope));
    entra.faults.push(none(), none());
    await azureCredential({ ...base, spreadingMs: 60_000 }).getToken(scope);
    assertEquals(entra.log.length, 4);
  }));

Deno.test("azureCredential mints a fresh token once when Entra holds it for expired", () =>
  inScene(async ({ issuer, entra, base }) => {
    entra.faults.push(
      new EntraFault(700024, "Client assertion is not within its valid time range."),
    );
    await azureCredential(base).getToken(scope);
    assertEquals(issuer.minted.map(({ wishes }) => wishes?.forceRefresh), [undefined, true]);
  }));

Deno.test("azureCredential goes on with the old token while Entra is down", () =>
  inScene(async ({ entra, clock, base }) => {
    const credential = azureCredential({ ...base, attempts: 1 });
    const { token } = await credential.getToken(scope);
    entra.faults.push(...Array.from({ length: 5 }, () => new Response("", { status: 500 })));
    clock.now += 56 * 60_000;
    assertEquals((await credential.getToken(scope)).token, token);
    clock.now += 4 * 60_000;
    assertEquals((await rejected(() => credential.getToken(scope))).code, "unavailable");
  }));

Deno.test("azureCredential ends only the wait of the caller who aborts", () =>
  inScene(async ({ entra, base }) => {
    const stop = new AbortController();
    const credential = azureCredential(base);
    const aborted = credential.getToken(scope, { abortSignal: stop.signal });
    const other = credential.getToken(scope);
    stop.abort(new Error("enough"));
    await assertRejects(() => aborted, Error, "enough");
    assert((await other).token);
    assertEquals(entra.log.length, 1);
  }));

Deno.test("azureCredential reads its own names before Azure's", () =>
  inScene(async ({ base }) => {
    const vars: Record<string, string> = {
      SIGNET_AZURE_TENANT_ID: tenantId,
      SIGNET_AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: "nowhere",
      AZURE_CLIENT_ID: "nobody",
    };
    const options = {
      ...base,
      tenantId: undefined,
      clientId: undefined,
      env: (n: string) => vars[n],
    };
    await azureCredential(options).getToken(scope);
    delete vars.SIGNET_AZURE_CLIENT_ID;
    const error = await rejected(() => azureCredential(options).getToken(scope));
    assertEquals(error.vendorCode, "AADSTS700016");
    delete vars.AZURE_CLIENT_ID;
    const missing = await rejected(() => azureCredential(options).getToken(scope));
    assertEquals(missing.code, "not_configured");
  }));

Deno.test("azureCredential refuses options out of bounds before any request", () => {
  const bad: [AzureCredentialOptions, string][] = [
    [{ tenantId: "a/../b" }, "tenantId"],
    [{ authorityHost: "http://login.test" }, "authorityHost"],
    [{ audience: "x".repeat(601) }, "audience"],
    [{ cloud: "mars" as "public" }, "cloud"],
  ];
  for (const [options, name] of bad) {
    assertThrows(() => azureCredential(options), TypeError, `Cannot use ${name}`);
  }
});

Deno.test("azureCredential never puts a token into an error, and keeps Entra's id for a support case", () =>
  inScene(async ({ issuer, entra, base }) => {
    const token = await issuer.mint(audience);
    entra.faults.push(new EntraFault(50027, `JWT token ${token} is malformed.`));
    const getIdToken = () => Promise.resolve(token);
    const error = await rejected(() => azureCredential({ ...base, getIdToken }).getToken(scope));
    assert(!JSON.stringify([error.message, error.vendorMessage]).includes(token.slice(0, 20)));
    assertEquals(error.requestId, "7d6f2a94-cc6d-4e3f-8f4d-2f9c0f4b1c11");
    assertEquals(error.vendorMessage, "JWT token [redacted] is malformed.");
  }));

const faulty: Record<string, { mutation: Mutation; vendorCode: string; code?: string }> = {
  "a foreign issuer": {
    mutation: { claims: { iss: "https://e.test" } },
    vendorCode: "AADSTS700211",
  },
  "another audience": { mutation: { claims: { aud: "x" } }, vendorCode: "AADSTS700212" },
  "two audiences": { mutation: { claims: { aud: [audience, "x"] } }, vendorCode: "AADSTS700212" },
  "another subject": { mutation: { claims: { sub: "x" } }, vendorCode: "AADSTS700213" },
  "a subject in other case": {
    mutation: { claims: { sub: "Deployment:acme/web/production" } },
    vendorCode: "AADSTS7002138",
  },
  "an end in the past": {
    mutation: { claims: { exp: 1_000 } },
    vendorCode: "AADSTS700024",
    code: "id_token_expired",
  },
  "no end": {
    mutation: { claims: { exp: undefined } },
    vendorCode: "AADSTS700024",
    code: "id_token_expired",
  },
  "an unknown kid": { mutation: { header: { kid: "nobody" } }, vendorCode: "AADSTS7000272" },
};

for (const [what, { mutation, vendorCode, code }] of Object.entries(faulty)) {
  Deno.test(`azureCredential explains why Entra refuses a token with ${what}`, () =>
    inScene(async ({ issuer, base }) => {
      issuer.mutation = mutation;
      const error = await rejected(() => azureCredential(base).getToken(scope));
      assertEquals([error.vendorCode, error.code], [vendorCode, code ?? "id_token_rejected"]);
      assert(error.advice, "with advice");
    }));
}

Deno.test("the stand-in for Entra refuses ES256 and any key after the hundredth", async () => {
  await inScene(async ({ base }) => {
    const error = await rejected(() => azureCredential(base).getToken(scope));
    assertEquals(error.vendorCode, "AADSTS5002738");
  }, { alg: "ES256" });
  const other = (await signingKey("RS256", "second")).jwk;
  await inScene(async ({ issuer, base }) => {
    issuer.jwks = { keys: [...Array(100).fill(other), issuer.key.jwk] };
    const error = await rejected(() => azureCredential(base).getToken(scope));
    assertEquals(error.vendorCode, "AADSTS7000272");
  });
});

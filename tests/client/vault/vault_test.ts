import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { VaultError, vaultLogin, type VaultLoginOptions } from "../../../client/vault.ts";
import { type CloudIssuer, type Mutation, startCloudIssuer } from "../../_support/cloud_issuer.ts";
import { eventually } from "../../_support/eventually.ts";
import { type FakeVault, fakeVault, type VaultRole } from "../../interop/fakes/vault.ts";

const address = "https://vault.acme.test";
const sub = "deployment:acme/web/production";
const login = "POST /v1/auth/jwt/login";
const renew = "POST /v1/auth/token/renew-self";
const revoke = "POST /v1/auth/token/revoke-self";

interface Scene {
  issuer: CloudIssuer;
  vault: FakeVault;
  clock: { now: number };
  base: VaultLoginOptions;
}

const bound: VaultRole = {
  boundAudiences: ["vault"],
  boundSubject: sub,
  boundClaims: { org: "acme" },
};

async function inScene(
  use: (scene: Scene) => Promise<void>,
  options: { role?: VaultRole; mount?: string; namespace?: string } = {},
): Promise<void> {
  const clock = { now: Date.now() };
  const now = () => clock.now;
  await using issuer = await startCloudIssuer({ now });
  const { mount, namespace, role } = options;
  const vault = fakeVault({
    issuer: issuer.url,
    boundIssuer: issuer.url,
    algorithms: ["RS256", "ES256"],
    mount,
    namespace,
    roles: { web: { ...bound, ...role }, people: { ...bound, roleType: "oidc" }, open: {} },
    now,
  });
  vault.secrets.set("secret/data/web/db", { password: "x" });
  const base = {
    address,
    role: "web",
    getIdToken: issuer.getIdToken,
    fetch: vault.fetch,
    now,
    env: () => undefined,
    random: () => 0,
    sleep: (ms: number) => Promise.resolve(void (clock.now += ms)),
  };
  await use({ issuer, vault, clock, base });
}

const rejected = async (work: () => Promise<unknown>): Promise<VaultError> =>
  await assertRejects(work, VaultError) as VaultError;

Deno.test("vaultLogin logs in, reads a secret, and revokes its token when disposed", () =>
  inScene(async ({ issuer, vault, clock, base }) => {
    {
      await using session = await vaultLogin(base);
      const { data } = await (await session.fetch("secret/data/web/db")).json();
      assertEquals(data.data, { password: "x" });
      const { expiresAt, ...info } = session.info;
      assertEquals(info, {
        accessor: "acc-1",
        policies: ["default", "web"],
        metadata: { role: "web" },
        renewable: true,
      });
      assertEquals(expiresAt!.getTime() - clock.now, 3_600_000);
      assertEquals(vault.leases.size, 1);
    }
    assertEquals(vault.leases.size, 0);
    assertEquals(vault.log, [login, "GET /v1/secret/data/web/db", revoke]);
    assertEquals(issuer.minted, [{ audience: "vault", wishes: undefined }]);
  }));

Deno.test("a Vault session renews its token five minutes before the end, in the background", () =>
  inScene(async ({ vault, clock, base }) => {
    const session = await vaultLogin(base);
    const token = await session.token();
    clock.now += 54 * 60_000;
    await session.token();
    assertEquals(vault.log, [login]);
    clock.now += 2 * 60_000;
    assertEquals(await session.token(), token);
    await eventually(() => session.info.expiresAt!.getTime() - clock.now === 3_600_000);
    assertEquals(await session.token(), token, "renewing keeps the token");
    assertEquals(vault.log, [login, renew]);
  }));

Deno.test("a Vault session logs in again when its token cannot be renewed for long", () =>
  inScene(async ({ vault, clock, base }) => {
    const session = await vaultLogin(base);
    const token = await session.token();
    clock.now += 56 * 60_000;
    await session.token();
    await eventually(async () => await session.token() !== token);
    assertEquals(vault.log, [login, renew, login]);
  }, { role: { maxTtl: 3_600 } }));

Deno.test("a Vault session logs in again when its token has ended or is a batch token", async () => {
  await inScene(async ({ vault, clock, base }) => {
    const session = await vaultLogin(base);
    clock.now += 2 * 3_600_000;
    await session.token();
    assertEquals(vault.log, [login, login]);
  });
  await inScene(async ({ vault, clock, base }) => {
    const session = await vaultLogin(base);
    clock.now += 59.9 * 60_000;
    await session.token();
    await session.close();
    assertEquals(vault.log, [login, login], "Vault cannot revoke a batch token");
  }, { role: { batch: true } });
});

Deno.test("a Vault session goes on with its token while Vault cannot renew it", () =>
  inScene(async ({ vault, clock, base }) => {
    const session = await vaultLogin({ ...base, attempts: 1 });
    const token = await session.token();
    vault.faults.push(...Array.from({ length: 2 }, () => new Response("{}", { status: 500 })));
    clock.now += 56 * 60_000;
    assertEquals(await session.token(), token);
    clock.now += 3.5 * 60_000;
    assertEquals(await session.token(), token);
    assertEquals(vault.log.slice(0, 2), [login, renew]);
    assertEquals(vault.leases.size, 1, "no other login");
  }));

Deno.test("a Vault session logs in again, once, when Vault no longer knows its token", () =>
  inScene(async ({ vault, base }) => {
    const session = await vaultLogin(base);
    vault.leases.clear();
    const response = await session.fetch("/v1/secret/data/web/db");
    assertEquals(response.status, 200);
    assertEquals(vault.log.filter((line) => line === login).length, 2);
    const refused = await session.fetch("secret/data/other");
    assertEquals(refused.status, 403);
    assertEquals(await refused.json(), { errors: ["permission denied"] });
    assertEquals(vault.log.filter((line) => line === login).length, 2, "a policy is no reason");
  }));

Deno.test("a Vault session writes, and sends its token to Vault's API only", () =>
  inScene(async ({ vault, base }) => {
    const session = await vaultLogin(base);
    const body = JSON.stringify({ data: { a: 1 } });
    await session.fetch("secret/data/web/new", { method: "POST", body });
    assertEquals(vault.secrets.get("secret/data/web/new"), { a: 1 });
    await session.fetch("https://evil.test/x");
    assertEquals(vault.log.at(-1), "GET /v1/https://evil.test/x", "a path like any other");
    for (const path of ["../../ui", "secret/%2e%2e/%2e%2e/ui"]) {
      await assertRejects(() => session.fetch(path), TypeError, "Cannot use path");
    }
  }));

Deno.test("a Vault session gives a silent Vault up at its deadline, or when a signal aborts", () =>
  inScene(async ({ vault, base }) => {
    let silent = false;
    const fetch: typeof globalThis.fetch = (input, init) =>
      silent ? new Promise(() => {}) : vault.fetch(input, init);
    const [stop, own] = [new AbortController(), new AbortController()];
    const hasty = await vaultLogin({ ...base, fetch, timeoutMs: 5 });
    const patient = await vaultLogin({ ...base, fetch, signal: stop.signal });
    silent = true;
    await assertRejects(() => hasty.fetch("secret/data/web/db"), DOMException, "within 5 ms");
    const one = patient.fetch("secret/data/web/db", { signal: own.signal });
    const other = patient.fetch("secret/data/web/db");
    own.abort(new Error("mine"));
    await assertRejects(() => one, Error, "mine");
    stop.abort(new Error("all"));
    await assertRejects(() => other, Error, "all");
  }));

Deno.test("a closed Vault session is of no more use, and closing never throws", () =>
  inScene(async ({ vault, base }) => {
    const session = await vaultLogin({ ...base, attempts: 1 });
    vault.faults.push(new Response("{}", { status: 500 }));
    await session.close();
    await session.close();
    assertEquals(vault.log, [login, revoke]);
    assertStringIncludes((await rejected(() => session.token())).message, "closed");
  }));

Deno.test("vaultLogin uses namespace and mount, by option or environment", () =>
  inScene(async ({ vault, base }) => {
    await vaultLogin({ ...base, mount: "auth/team/jwt", namespace: "/acme/" });
    const vars: Record<string, string> = {
      BAO_ADDR: address,
      BAO_NAMESPACE: "acme",
      SIGNET_VAULT_ROLE: "web",
    };
    const options = { ...base, address: undefined, role: undefined, mount: "team/jwt" };
    await vaultLogin({ ...options, env: (name) => vars[name] });
    const path = "POST /v1/auth/team/jwt/login";
    assertEquals(vault.log, [path, path]);
    const wrong = await rejected(() => vaultLogin({ ...base, mount: "other", namespace: "acme" }));
    assertEquals([wrong.status, wrong.code], [404, "invalid_request"]);
    delete vars.SIGNET_VAULT_ROLE;
    const unset = await rejected(() => vaultLogin({ ...options, env: (name) => vars[name] }));
    assertStringIncludes(unset.message, "SIGNET_VAULT_ROLE");
  }, { mount: "team/jwt", namespace: "acme" }));

Deno.test("vaultLogin retries 412, 429 and 5xx, and neither 400 nor 403", () =>
  inScene(async ({ vault, base }) => {
    for (const status of [412, 429, 500, 502, 503]) {
      vault.faults.push(Response.json({ errors: ["error"] }, { status }));
      await vaultLogin(base);
    }
    assertEquals(vault.log.length, 10);
    for (const status of [400, 403]) {
      vault.faults.push(Response.json({ errors: ["permission denied"] }, { status }));
      assertEquals((await rejected(() => vaultLogin(base))).status, status);
    }
    assertEquals(vault.log.length, 12);
  }));

Deno.test("vaultLogin mints a fresh token once when Vault holds it for expired", () =>
  inScene(async ({ issuer, vault, base }) => {
    const errors = [
      "error validating token: invalid expiration time (exp) claim: token is expired",
    ];
    vault.faults.push(Response.json({ errors }, { status: 400 }));
    await vaultLogin(base);
    assertEquals(issuer.minted.map(({ wishes }) => wishes?.forceRefresh), [undefined, true]);
  }));

Deno.test("vaultLogin refuses what it cannot use", async () => {
  for (const options of [{ address: "http://vault.test" }, { mount: "../sys" }, { mount: "a b" }]) {
    await assertRejects(
      () => vaultLogin({ address, role: "web", ...options }),
      TypeError,
      "Cannot use",
    );
  }
});

Deno.test("vaultLogin never puts a token into an error", () =>
  inScene(async ({ issuer, vault, base }) => {
    const jwt = await issuer.mint("vault");
    vault.faults.push(Response.json({ errors: [`cannot parse ${jwt}`] }, { status: 400 }));
    const error = await rejected(() =>
      vaultLogin({ ...base, getIdToken: () => Promise.resolve(jwt) })
    );
    assert(!error.message.includes(jwt.slice(0, 20)));
    const auth = { mfa_requirement: { mfa_request_id: "x" }, client_token: "" };
    vault.faults.push(Response.json({ auth }));
    assertStringIncludes((await rejected(() => vaultLogin(base))).message, "second factor");
    vault.faults.push(Response.json({ auth: null }));
    assertEquals((await rejected(() => vaultLogin(base))).code, "invalid_response");
  }));

const faulty: Record<string, { mutation?: Mutation; role?: string; says: string; code?: string }> =
  {
    "a foreign issuer": {
      mutation: { claims: { iss: "https://e.test" } },
      says: "invalid issuer (iss) claim",
    },
    "another audience": {
      mutation: { claims: { aud: "x" } },
      says: "invalid audience (aud) claim",
    },
    "another subject": { mutation: { claims: { sub: "x" } }, says: "invalid subject (sub) claim" },
    "another organization": {
      mutation: { claims: { org: "evil" } },
      says: 'claim "org" does not match',
    },
    "an end in the past": {
      mutation: { claims: { exp: 1_000 } },
      says: "token is expired",
      code: "id_token_expired",
    },
    "a beginning in the future": {
      mutation: { claims: { nbf: 9_999_999_999 } },
      says: "token not yet valid",
    },
    "an unknown kid": {
      mutation: { header: { kid: "nobody" } },
      says: "no known key successfully validated",
    },
    "a claim twice but for its case": {
      mutation: { claims: { Sub: "x" } },
      says: "ambiguous claim",
    },
    "a role that does not exist": {
      role: "nobody",
      says: "could not be found",
      code: "invalid_request",
    },
    "a role for people": {
      role: "people",
      says: "oidc role_type is not allowed",
      code: "invalid_request",
    },
    "a role without audiences": { role: "open", says: "no audiences bound to the role" },
  };

for (const [what, { mutation = {}, role = "web", says, code }] of Object.entries(faulty)) {
  Deno.test(`vaultLogin explains why Vault refuses ${what}`, () =>
    inScene(async ({ issuer, base }) => {
      issuer.mutation = mutation;
      const error = await rejected(() => vaultLogin({ ...base, role }));
      assertStringIncludes(error.vendorMessage!, says);
      assertEquals(error.code, code ?? "id_token_rejected");
      assert(error.advice, "with advice");
    }));
}

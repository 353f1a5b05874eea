import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { readConfig } from "../../issuer/config.ts";
import { createIssuer } from "../../issuer/create_issuer.ts";
import { IssuerConfigError } from "../../issuer/errors.ts";
import { issuerUrlFault } from "../../issuer/issuer_url.ts";
import { memoryKv } from "../../kv/memory_kv.ts";

const key = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";
const sound = { SIGNET_ISSUER: "https://tokens.test", SIGNET_KEY_ENCRYPTION_KEY: key };

function read(env: Record<string, string>, file?: unknown) {
  return readConfig({
    env: (name) => env[name],
    readFile: () => {
      if (file === undefined) throw new Deno.errors.NotFound("no file");
      return new TextEncoder().encode(typeof file === "string" ? file : JSON.stringify(file));
    },
  });
}

function faultsOf(env: Record<string, string>, file?: unknown): readonly string[] {
  const error = assertThrows(
    () => read(env, file),
    IssuerConfigError,
  ) as unknown as IssuerConfigError;
  return error.faults;
}

Deno.test("readConfig reports every fault together, each by its name, before anything starts", () => {
  const faults = faultsOf({
    SIGNET_ISSUER: "https://Tokens.test/",
    SIGNET_ADMIN_TOKEN: "short",
    SIGNET_KEY_ENCRYPTION_KEY: "c2hvcnQ",
    SIGNET_CONFIG: "signet.json",
    SIGNET_RATE_LIMIT: "fast",
    SIGNET_INITIALIZED: "yes",
    PORT: "http",
  });
  const names = [
    "SIGNET_ISSUER",
    "SIGNET_ADMIN_TOKEN",
    "SIGNET_KEY_ENCRYPTION_KEY",
    "SIGNET_CONFIG",
  ];
  for (const name of [...names, "SIGNET_RATE_LIMIT", "SIGNET_INITIALIZED", "PORT"]) {
    assert(faults.some((fault) => fault.startsWith(name)), `${name} in ${faults.join("\n")}`);
  }
  assert(!faults.join().includes("c2hvcnQ") && !faults.join().includes("short "));
});

Deno.test("readConfig takes a sound environment, and loopback without a key-encryption key", () => {
  assertEquals(read(sound).options.issuer, "https://tokens.test");
  const local = read({
    SIGNET_ISSUER: "http://localhost:8000",
    PORT: "9000",
    SIGNET_KV: ":memory:",
  });
  assertEquals([local.port, local.kvPath], [9000, ":memory:"]);
});

Deno.test("readConfig limits token requests unless told not to", () => {
  const rateLimit = (text: string) => read({ ...sound, SIGNET_RATE_LIMIT: text }).options.rateLimit;
  assertEquals([rateLimit(""), rateLimit("120"), rateLimit("off")], [6000, 120, undefined]);
  for (const text of ["0", "-1", "1.5", "10000000", "OFF"]) {
    assertEquals(faultsOf({ ...sound, SIGNET_RATE_LIMIT: text }).length, 1, text);
  }
});

Deno.test("readConfig refuses an https issuer without a key-encryption key", () => {
  assertStringIncludes(
    faultsOf({ SIGNET_ISSUER: "https://tokens.test" })[0]!,
    "SIGNET_KEY_ENCRYPTION_KEY",
  );
  assertThrows(
    () => createIssuer({ issuer: "https://tokens.test", kv: memoryKv() }),
    IssuerConfigError,
  );
});

Deno.test("readConfig warns of a port, which AWS refuses", () => {
  assertStringIncludes(
    read({ ...sound, SIGNET_ISSUER: "https://tokens.test:8443" }).warnings[0]!,
    "AWS",
  );
});

Deno.test("threat 33: readConfig refuses a preview timeline of Deno Deploy", () => {
  const deploy = { ...sound, DENO_DEPLOY: "true" };
  assertEquals(
    read({ ...deploy, DENO_TIMELINE: "production" }).options.issuer,
    sound.SIGNET_ISSUER,
  );
  for (const DENO_TIMELINE of ["git-branch/main", "preview/rh2r15", ""]) {
    assertStringIncludes(faultsOf({ ...deploy, DENO_TIMELINE })[0]!, "timeline");
  }
  const preview = { DENO_TIMELINE: "git-branch/main", SIGNET_TIMELINE: "git-branch/main" };
  assertEquals(read({ ...deploy, ...preview }).options.issuer, sound.SIGNET_ISSUER);
});

Deno.test("issuerUrlFault takes only the plain form of an https URL or a loopback one", () => {
  for (
    const url of [
      "https://tokens.test",
      "https://host.test/some/path",
      "http://localhost:8000",
      "http://127.0.0.1:1",
    ]
  ) {
    assertEquals(issuerUrlFault(url), undefined, url);
  }
  const refused = [
    "tokens.test",
    "http://tokens.test",
    "https://tokens.test/",
    "https://Tokens.test",
    "https://tokens.test:443",
    "https://tokens.test?x",
    "https://tokens.test#x",
    "https://u:p@tokens.test",
    "https://tokens.test/a//b",
    "https://tokens.test/a/../b",
    "https://tokens.test/%61",
    "ftp://tokens.test",
  ];
  for (const url of refused) assert(issuerUrlFault(url), url);
});

Deno.test("readConfig reads workloads, credentials, profiles and timings kept in git", () => {
  const { options } = read({ ...sound, SIGNET_CONFIG: "signet.json" }, {
    workloads: [{
      ...{ id: "web", org: "acme", app: "web", context: "production", audiences: ["vault"] },
      credentials: [{
        id: "laptop",
        type: "request_token",
        sha256: "a".repeat(64),
        expiresAt: "2027-01-31T00:00:00Z",
      }],
    }],
    profiles: [{ name: "mesh", audiences: ["https://*.mesh.test"], alg: "ES256" }],
    timings: { periodSeconds: 1_000_000 },
    x5c: true,
  });
  assertEquals(options.x5c, true);
  assertEquals(options.workloads![0]!.credentials[0]!.expiresAt, Date.UTC(2027, 0, 31));
  assertEquals(options.profiles![0]!.alg, "ES256");
  assertEquals(options.timings, { periodSeconds: 1_000_000 });
});

Deno.test("readConfig names each fault of the file by JSON pointer", () => {
  const workload = { id: "web", org: "acme", app: "web", context: "production" };
  const faults = faultsOf({ ...sound, SIGNET_CONFIG: "signet.json" }, {
    workload: [],
    workloads: [workload, { ...workload, org: "A" }, {
      ...workload,
      id: "x",
      credentials: [{ type: "request_token" }],
    }],
    profiles: [{ name: "p", audiences: ["a"], subject: "{org}" }],
    timings: { period: 1, leadSeconds: 0 },
    x5c: "yes",
  }).join("\n");
  for (
    const pointer of [
      "#/workload ",
      "#/workloads/1/org",
      "#/workloads/2 has the org",
      "#/workloads/2/credentials/0/sha256",
      "#/workloads/2/credentials/0/expiresAt",
      "#/profiles/0/subject",
      "#/timings/period",
      "#/timings/leadSeconds",
      "#/x5c must be true or false",
    ]
  ) assertStringIncludes(faults, pointer);
});

Deno.test("readConfig refuses timings under which relying parties would refuse tokens", () => {
  const file = { timings: { leadSeconds: 60, tailSeconds: 60 } };
  const faults = faultsOf({ ...sound, SIGNET_CONFIG: "signet.json" }, file).join("\n");
  assertStringIncludes(faults, "lead");
  assertStringIncludes(faults, "tail");
});

Deno.test("threat 64: an empty KV of an initialized issuer stops it", async () => {
  const options = { issuer: "http://localhost:1", kv: memoryKv(), initialized: true };
  await using issuer = createIssuer(options);
  const error = await issuer.start().then(() => undefined, (error) => error);
  assertEquals(error?.code, "keyset_missing");
  const health = await issuer.fetch(new Request("http://localhost:1/healthz"));
  assertEquals([health.status, (await health.json()).reason], [503, "keyset_missing"]);
  const jwks = await issuer.fetch(new Request("http://localhost:1/.well-known/jwks.json"));
  assertEquals(jwks.status, 503);
  await jwks.body?.cancel();
});

Deno.test("threat 64: a backup from before a configured epoch stops the issuer", async () => {
  const kv = memoryKv();
  const local = { SIGNET_ISSUER: "http://localhost:1", SIGNET_CONFIG: "signet.json" };
  const start = async (file: unknown) => {
    await using issuer = createIssuer({ ...read(local, file).options, kv });
    const { status } = await issuer.fetch(new Request("http://localhost:1/healthz"));
    return status;
  };
  assertEquals(await start({}), 200);
  assertEquals(await start({ minimumEpochs: { RS256: 1 } }), 200);
  assertEquals(await start({ minimumEpochs: { RS256: 2 } }), 503);
  const faults = faultsOf(local, {
    minimumEpochs: { RS256: 0, HS256: 1 },
    tenants: { acme: { minimumEpochs: { ES256: "2" } } },
  });
  for (
    const pointer of ["minimumEpochs/RS256", "minimumEpochs/HS256", "acme/minimumEpochs/ES256"]
  ) {
    assert(faults.some((fault) => fault.includes(pointer)), `${pointer} in ${faults}`);
  }
});

Deno.test("readConfig names a public key without a kid by its thumbprint, and refuses one twice", () => {
  const key = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
  const web = { id: "web", org: "acme", app: "web", context: "production" };
  const configOf = (...jwks: unknown[]) => ({
    workloads: [{
      ...web,
      credentials: jwks.map((jwk, index) => ({ id: `k${index}`, type: "public_key", jwk })),
    }],
  });
  const named = { ...sound, SIGNET_CONFIG: "signet.json" };
  const { options } = read(named, configOf(key));
  const [credential] = options.workloads![0]!.credentials;
  const kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
  assertEquals(credential?.type === "public_key" && credential.jwk, { ...key, kid });
  const faults = faultsOf(named, configOf(key, { ...key, kid }, { ...key, use: "enc" }));
  assertEquals(faults.length, 2);
  assertStringIncludes(faults[0]!, "/credentials/1/jwk has the kid of another");
  assertStringIncludes(faults[1]!, "/credentials/2/jwk is no key");
});

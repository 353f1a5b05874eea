import { assert, assertEquals, assertMatch } from "@std/assert";
import type { TlsChain } from "../../setup/mod.ts";
import { type Check, type DoctorOptions, runDoctor } from "../../doctor/mod.ts";
import {
  fakeIssuer,
  type Faults,
  ISSUER,
  mintToken,
  NOW,
  SUBJECT,
} from "./_support/fake_issuer.ts";

const VENDORS = ["aws", "gcp", "azure", "vault", "kubernetes"] as const;
type Vendor = typeof VENDORS[number];
const GCP_AUDIENCE =
  "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/signet/providers/signet";
const CERTIFICATE = new TextEncoder().encode("certificate");
const GOOD_TLS: TlsChain = { certificates: [CERTIFICATE, CERTIFICATE], trusted: true };

interface Scene extends Faults {
  tls?: TlsChain | Error;
  elapsedMs?: number;
  mint?: (audience: string) => Promise<string>;
  mintOther?: (audience: string) => Promise<string>;
  login?: (token: string) => Promise<void>;
  subject?: string;
}

/** Examine the fake issuer as one vendor (or as none). */
async function examine(scene: Scene, vendor?: Vendor): Promise<readonly Check[]> {
  const { tls = GOOD_TLS, elapsedMs = 0 } = scene;
  let elapsed = 0;
  const probe = {
    audience: vendor === "gcp" ? GCP_AUDIENCE : undefined,
    subject: scene.subject ?? SUBJECT,
    mint: scene.mint ?? ((audience: string) => mintToken(audience, scene)),
    mintOther: scene.mintOther ?? (() => Promise.resolve("other")),
    login: scene.login ??
      ((token: string) => token === "other" ? Promise.reject(refusal(vendor)) : Promise.resolve()),
  };
  const options: DoctorOptions = {
    issuer: scene.issuer ?? ISSUER,
    fetch: async (...args) => {
      const response = await fakeIssuer(scene)(...args);
      elapsed += elapsedMs;
      return response;
    },
    now: () => NOW + elapsed,
    readTlsChain: () => tls instanceof Error ? Promise.reject(tls) : Promise.resolve(tls),
    vendors: vendor ? { [vendor]: probe } : {},
  };
  return (await runDoctor(options)).checks;
}

function refusal(vendor: Vendor | undefined): Error {
  const texts = {
    aws: "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    gcp: "The given credential is rejected by the attribute condition.",
    azure:
      "AADSTS700213: No matching federated identity record found for presented assertion subject",
    vault: "error validating token: invalid subject (sub) claim",
    kubernetes: "Unauthorized",
  };
  return new Error(vendor ? texts[vendor] : "");
}

function failed(checks: readonly Check[]): string[] {
  return checks.filter(({ status }) => status === "fail").map(({ id }) => id);
}

function statusOf(checks: readonly Check[], id: string): string | undefined {
  return checks.find((check) => check.id === id)?.status;
}

Deno.test("runDoctor passes every check for a correct issuer and every audience", async () => {
  for (const vendor of [undefined, ...VENDORS]) {
    const checks = await examine({}, vendor);
    const others = checks.filter(({ status }) => status !== "ok");
    assertEquals(others, [], vendor);
    assert(checks.every(({ remedy }) => remedy === ""));
    const ids = checks.map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length, "an id is used twice");
  }
});

const key = (index: number, change: (key: Record<string, unknown>) => void): Scene => ({
  jwks: (keys) => change(keys[index]!),
});
const claims = (change: (claims: Record<string, unknown>) => void): Scene => ({ claims: change });
const header = (change: (header: Record<string, unknown>) => void): Scene => ({ header: change });
const answer = (
  which: "discovery" | "jwks",
  change: (response: Response) => Response | Promise<Response>,
): Scene => ({
  answer: (path, response) =>
    path.endsWith(which === "jwks" ? "jwks.json" : "openid-configuration")
      ? change(response)
      : response,
});
const withHeader = (name: string, value: string | null) => (response: Response): Response => {
  if (value === null) response.headers.delete(name);
  else response.headers.set(name, value);
  return response;
};

/** A fault, and the one check that must fail by it. */
const PLANTED: readonly [string, string, Scene, Vendor?][] = [
  ["issuer.url_form", "a trailing slash", { issuer: `${ISSUER}/` }],
  ["issuer.url_form", "an http URL", { issuer: "http://id.acme.test" }],
  [
    "issuer.discovery_answer",
    "a 503",
    answer("discovery", () => new Response("", { status: 503 })),
  ],
  [
    "issuer.discovery_answer",
    "a web page",
    answer(
      "discovery",
      () => new Response("<html>", { headers: { "content-type": "application/json" } }),
    ),
  ],
  [
    "issuer.discovery_answer",
    "no connection",
    answer("discovery", () => Promise.reject(new TypeError("connection refused"))),
  ],
  [
    "issuer.discovery_answer",
    "a document of 2 MiB",
    answer(
      "discovery",
      () =>
        new Response(" ".repeat(2 * 1024 * 1024), {
          headers: { "content-type": "application/json" },
        }),
    ),
  ],
  [
    "issuer.discovery_content_type",
    "text/html",
    answer("discovery", withHeader("content-type", "text/html")),
  ],
  ["issuer.discovery_issuer", "another issuer", {
    discovery: (body) => body.issuer = `${ISSUER}/`,
  }],
  [
    "issuer.discovery_members",
    "no response types",
    { discovery: (body) => delete body.response_types_supported },
  ],
  [
    "issuer.discovery_algorithms",
    "no RS256",
    { discovery: (body) => body.id_token_signing_alg_values_supported = ["ES256"] },
  ],
  [
    "issuer.discovery_algorithms",
    "none",
    { discovery: (body) => body.id_token_signing_alg_values_supported = ["RS256", "none"] },
  ],
  ["issuer.jwks_uri", "plain http", {
    discovery: (body) => body.jwks_uri = "http://id.acme.test/tenant/.well-known/jwks.json",
  }],
  ["issuer.jwks_uri", "a fragment", { discovery: (body) => body.jwks_uri += "#x" }],
  ["issuer.jwks_answer", "a 404", answer("jwks", () => new Response("", { status: 404 }))],
  [
    "issuer.jwks_content_type",
    "text/plain",
    answer("jwks", withHeader("content-type", "text/plain")),
  ],
  ["issuer.jwks_caching", "no-cache", answer("jwks", withHeader("cache-control", "no-cache"))],
  ["issuer.jwks_caching", "max-age=0", answer("jwks", withHeader("cache-control", "max-age=0"))],
  ["issuer.key_count", "no key", { jwks: (keys) => keys.length = 0 }],
  ["issuer.kid_unique", "a kid twice", { jwks: (keys) => keys[2]!.kid = "rsa-2" }],
  ["issuer.kid_unique", "a key without kid", key(2, (it) => delete it.kid)],
  ["issuer.jwk_private", "a private key", key(1, (it) => it.d = "secret")],
  ["issuer.jwk_members", "no use", key(1, (it) => delete it.use)],
  ["issuer.jwk_members", "use enc", key(1, (it) => it.use = "enc")],
  ["issuer.jwk_members", "no alg", key(1, (it) => delete it.alg)],
  ["issuer.jwk_members", "no modulus", key(1, (it) => delete it.n)],
  ["issuer.key_strength", "RSA-1024", key(1, (it) => it.n = "A".repeat(171))],
  ["issuer.key_strength", "secp256k1", key(2, (it) => it.crv = "secp256k1")],
  [
    "issuer.clock",
    "ten minutes ahead",
    answer("jwks", withHeader("date", new Date(NOW + 600_000).toUTCString())),
  ],
  ["issuer.tls_chain", "an expired certificate", { tls: new Error("certificate expired") }],
  ["aws.issuer_url", "a port", { issuer: "https://id.acme.test:8443" }, "aws"],
  [
    "azure.issuer_url",
    "600 characters",
    { issuer: `https://id.acme.test/${"a".repeat(600)}` },
    "azure",
  ],
  ["aws.key_ops", "key_ops", key(1, (it) => it.key_ops = ["verify"]), "aws"],
  ["aws.x5c", "another certificate", key(1, (it) => it.x5c = ["AAAA"]), "aws"],
  [
    "aws.key_count",
    "101 RSA keys",
    { jwks: (keys) => manyKeys(keys, 99) },
    "aws",
  ],
  ["azure.key_count", "101 keys", { jwks: (keys) => manyKeys(keys, 98) }, "azure"],
  ["azure.algorithms", "no RSA key", { jwks: (keys) => keys.splice(0, 2), mint: noToken }, "azure"],
  ...(["gcp", "azure"] as const).map((vendor): [string, string, Scene, Vendor] => [
    `${vendor}.tls`,
    "a private CA",
    { tls: { certificates: [CERTIFICATE], trusted: false } },
    vendor,
  ]),
  ...(["aws", "gcp", "azure"] as const).map((vendor): [string, string, Scene, Vendor] => [
    `${vendor}.issuer_url`,
    "a loopback issuer",
    { issuer: "http://localhost:8000" },
    vendor,
  ]),
  [
    "kubernetes.issuer_url",
    "a loopback issuer without TLS",
    { issuer: "http://localhost:8000" },
    "kubernetes",
  ],
  ["gcp.token_subject", "128 bytes", {
    ...claims((it) => it.sub = "s".repeat(128)),
    subject: "s".repeat(128),
  }, "gcp"],
  ["gcp.token_lifetime", "48 h", claims((it) => it.exp = Number(it.iat) + 172_800), "gcp"],
  [
    "kubernetes.token_lifetime",
    "2 h",
    claims((it) => it.exp = Number(it.iat) + 7200),
    "kubernetes",
  ],
  [
    "azure.token_header",
    "ES256",
    header((it) => Object.assign(it, { alg: "ES256", kid: "ec-1" })),
    "azure",
  ],
  [
    "aws.token_claims",
    "a tag that is no array",
    claims((it) => it["https://aws.amazon.com/tags"] = { principal_tags: { app: "web" } }),
    "aws",
  ],
  [
    "aws.token_claims",
    "51 tags",
    claims((it) =>
      it["https://aws.amazon.com/tags"] = {
        principal_tags: Object.fromEntries(
          Array.from({ length: 51 }, (_, index) => [`t${index}`, ["x"]]),
        ),
      }
    ),
    "aws",
  ],
  [
    "aws.token_claims",
    "a long source identity",
    claims((it) => it["https://aws.amazon.com/source_identity"] = "x".repeat(65)),
    "aws",
  ],
  [
    "aws.token_claims",
    "a role pattern",
    claims((it) => it["https://aws.amazon.com/roles"] = ["arn:aws:iam::123456789012:role/*"]),
    "aws",
  ],
  ["vault.token_claims", "an ambiguous claim", claims((it) => it.Sub = "x"), "vault"],
  ...VENDORS.flatMap((vendor): [string, string, Scene, Vendor][] => [
    [`${vendor}.token_minted`, "a mint that fails", {
      mint: () => Promise.reject(new Error("403 audience not allowed")),
      login: () => Promise.resolve(),
      mintOther: noToken,
    }, vendor],
    [`${vendor}.token_header`, "no typ", header((it) => delete it.typ), vendor],
    [
      `${vendor}.token_header`,
      "crit",
      header((it) => Object.assign(it, { crit: ["x"], x: 1 })),
      vendor,
    ],
    [`${vendor}.token_signature`, "an unknown kid", header((it) => it.kid = "new"), vendor],
    [`${vendor}.token_signature`, "another key", { foreignKey: true }, vendor],
    [`${vendor}.token_issuer`, "a trailing slash", claims((it) => it.iss = `${ISSUER}/`), vendor],
    [`${vendor}.token_audience`, "two audiences", claims((it) => it.aud = [it.aud, "x"]), vendor],
    [
      `${vendor}.token_subject`,
      "another subject",
      claims((it) => it.sub = "deployment:acme/web/preview"),
      vendor,
    ],
    [`${vendor}.token_times`, "a fraction", claims((it) => it.exp = Number(it.exp) + 0.5), vendor],
    [`${vendor}.token_times`, "nbf ahead", claims((it) => it.nbf = Number(it.iat) + 30), vendor],
    [
      `${vendor}.token_times`,
      "an expired token",
      claims((it) => Object.assign(it, { iat: NOW / 1000 - 910, exp: NOW / 1000 - 10 })),
      vendor,
    ],
    [`${vendor}.token_claims`, "azp", claims((it) => it.azp = "x"), vendor],
    [
      `${vendor}.login_refused`,
      "a trust without subject",
      { login: () => Promise.resolve() },
      vendor,
    ],
  ]),
];

function noToken(): Promise<string> {
  return Promise.resolve("other");
}

function manyKeys(keys: Record<string, unknown>[], count: number): void {
  for (let index = 0; index < count; index++) keys.push({ ...keys[0], kid: `more-${index}` });
}

/** Checks that a fault makes fail besides its own, where one cannot be without the other. */
const CONSEQUENCES: Readonly<Record<string, readonly string[]>> = {
  "an http URL": ["issuer.jwks_uri"],
  "no RSA key": ["azure.token_minted", "azure.login"],
};

for (const [id, fault, scene, vendor] of PLANTED) {
  Deno.test(`${id} fails, and nothing else, when the issuer has ${fault}${vendor ? ` (${vendor})` : ""}`, async () => {
    const checks = await examine(scene, vendor);
    assertEquals(failed(checks), [id, ...CONSEQUENCES[fault] ?? []]);
    for (const check of checks.filter(({ status }) => status === "fail")) {
      assert(
        check.remedy !== "" && check.found !== "" && check.expected !== "" && check.source !== "",
      );
    }
  });
}

Deno.test("issuer.discovery_redirect and issuer.jwks_redirect fail alone when a document redirects", async () => {
  for (const name of ["discovery", "jwks"] as const) {
    let first = true;
    const checks = await examine(answer(name, (response) => {
      if (!first) return response;
      first = false;
      const path = name === "jwks" ? "jwks.json" : "openid-configuration";
      return new Response(null, {
        status: 302,
        headers: { location: `${ISSUER}/.well-known/${path}` },
      });
    }));
    assertEquals(failed(checks), [`issuer.${name}_redirect`]);
  }
});

Deno.test("issuer.discovery_time and issuer.jwks_time fail when answers take 5 s", async () => {
  const checks = await examine({ elapsedMs: 5000 });
  assertEquals(failed(checks), ["issuer.discovery_time", "issuer.jwks_time"]);
});

Deno.test("aws.algorithms and its like fail when no key is of use to the vendor", async () => {
  const okp: Scene = {
    jwks: (keys) =>
      keys.splice(
        0,
        3,
        { kty: "OKP", crv: "Ed25519", x: "AA", kid: "a", alg: "EdDSA", use: "sig" },
        { kty: "OKP", crv: "Ed25519", x: "AB", kid: "b", alg: "EdDSA", use: "sig" },
      ),
  };
  for (const vendor of VENDORS) {
    const checks = await examine(okp, vendor);
    assertEquals(failed(checks), [`${vendor}.algorithms`, `${vendor}.token_signature`]);
  }
});

/** Faults that no relying party refuses, but that are worth a change. */
const WARNINGS: readonly [string, string, Scene, Vendor?][] = [
  ["issuer.url_form", "a loopback issuer", { issuer: "http://localhost:8000" }],
  ["issuer.discovery_members", "no claims_supported", {
    discovery: (body) => delete body.claims_supported,
  }],
  ["issuer.jwks_uri", "a key set on another host", {
    discovery: (body) => body.jwks_uri = `https://cdn.acme.testxxxxxxxxxxx/jwks.json`,
  }],
  ["issuer.jwks_caching", "no Cache-Control", answer("jwks", withHeader("cache-control", null))],
  [
    "issuer.jwks_caching",
    "a month of max-age",
    answer("jwks", withHeader("cache-control", "max-age=2592000")),
  ],
  ["issuer.jwks_etag", "no ETag", answer("jwks", withHeader("etag", null))],
  ["issuer.key_count", "one key", { jwks: (keys) => keys.splice(1) }],
  ["issuer.jwk_members", "ext", key(1, (it) => it.ext = true)],
  [
    "issuer.clock",
    "90 s behind",
    answer("jwks", withHeader("date", new Date(NOW - 90_000).toUTCString())),
  ],
  ["issuer.tls_chain", "a private CA", { tls: { certificates: [CERTIFICATE], trusted: false } }],
  [
    "aws.thumbprint",
    "a private CA",
    { tls: { certificates: [CERTIFICATE], trusted: false } },
    "aws",
  ],
  ["vault.tls", "a private CA", { tls: { certificates: [CERTIFICATE], trusted: false } }, "vault"],
  [
    "kubernetes.tls",
    "a private CA",
    { tls: { certificates: [CERTIFICATE], trusted: false } },
    "kubernetes",
  ],
  ["aws.issuer_url", "a private host", { issuer: "https://id.acme.internal" }, "aws"],
  ["gcp.token_lifetime", "5 min", claims((it) => it.exp = Number(it.iat) + 300), "gcp"],
  ["aws.token_lifetime", "2 h", claims((it) => it.exp = Number(it.iat) + 7200), "aws"],
  ["aws.token_audience", "an array of one", claims((it) => it.aud = [it.aud]), "aws"],
  ["aws.login", "a throttled login", {
    login: () => Promise.reject(new Error("Throttling: Rate exceeded")),
  }, "aws"],
  ["aws.login_refused", "a refusal for an unknown reason", {
    login: (token) =>
      token === "other" ? Promise.reject(new Error("socket hang up")) : Promise.resolve(),
  }, "aws"],
];

for (const [id, fault, scene, vendor] of WARNINGS) {
  Deno.test(`${id} warns when the issuer has ${fault}${vendor ? ` (${vendor})` : ""}`, async () => {
    const checks = await examine(scene, vendor);
    assertEquals(failed(checks), []);
    assertEquals(statusOf(checks, id), "warn");
  });
}

Deno.test("issuer.clock counts the age of a cached answer", async () => {
  const checks = await examine(answer("jwks", (response) => {
    response.headers.set("date", new Date(NOW - 500_000).toUTCString());
    response.headers.set("age", "500");
    return response;
  }));
  assertEquals(statusOf(checks, "issuer.clock"), "ok");
});

Deno.test("runDoctor skips what it was given no means for", async () => {
  const { checks, healthy } = await runDoctor({
    issuer: ISSUER,
    fetch: fakeIssuer(),
    now: () => NOW,
    vendors: { aws: {}, gcp: { mint: (audience) => mintToken(audience) } },
  });
  const skipped = new Set(checks.filter(({ status }) => status === "skip").map(({ id }) => id));
  for (
    const id of [
      "issuer.tls_chain",
      "aws.token_minted",
      "aws.login",
      "gcp.token_minted",
      "gcp.login_refused",
    ]
  ) {
    assert(skipped.has(id), id);
  }
  assert(healthy);
});

Deno.test("login failures are explained with cause and remedy", async () => {
  const checks = await examine({
    login: () => Promise.reject(new Error("AADSTS700213: No matching federated identity record")),
  }, "azure");
  const login = checks.find(({ id }) => id === "azure.login");
  assertEquals(failed(checks), ["azure.login"]);
  assertMatch(login?.found ?? "", /AADSTS700213.*has this subject/);
  assertMatch(login?.remedy ?? "", /exact/);
  assertEquals(statusOf(checks, "azure.login_refused"), "skip");
});

Deno.test("runDoctor never shows a token", async () => {
  const token = await mintToken("sts.amazonaws.com");
  const cause = new Error(`Authorization: Bearer signet_rt_AAAAAAAA_web_secretsecret`);
  const checks = await examine({
    login: () => Promise.reject(new Error(`refused ${token}`, { cause })),
    answer: () => Promise.reject(new Error(`cannot send ${token}`)),
  }, "aws");
  const text = JSON.stringify(checks);
  assert(!text.includes(token.split(".")[1]!) && !text.includes("secretsecret"), text);
  assertMatch(text, /\[token\]/);
});

Deno.test("runDoctor does not throw on arbitrary answers", async () => {
  const bodies = [
    "",
    "null",
    "[]",
    "1",
    '{"keys":1}',
    '{"keys":[null,1,[]]}',
    '{"jwks_uri":7}',
    '{"jwks_uri":"::"}',
    '{"issuer":{},"jwks_uri":"https://x.test","id_token_signing_alg_values_supported":"RS256"}',
  ];
  for (const body of bodies) {
    for (const vendor of VENDORS) {
      const checks = await examine({
        answer: () => new Response(body, { headers: { date: "yesterday", age: "x" } }),
      }, vendor);
      assert(checks.length > 20);
    }
  }
  for (const issuer of ["", "nonsense", "https://"]) {
    assert(failed(await examine({ issuer }, "aws")).includes("issuer.url_form"), issuer);
  }
});

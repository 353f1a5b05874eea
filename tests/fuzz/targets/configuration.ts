import { readConfig } from "../../../issuer/config.ts";
import { createIssuerWith } from "../../../issuer/create_issuer.ts";
import { IssuerConfigError, TokenError } from "../../../issuer/errors.ts";
import { mintClaims } from "../../../issuer/mint.ts";
import { memoryKv } from "../../../kv/memory_kv.ts";
import { signingParts } from "../../_support/signing_parts.ts";
import { anyText, anyValue, mutateBytes, mutateText, mutateValue } from "../mutate.ts";
import type { Random } from "../random.ts";
import { attempt, ensure, type Target } from "../target.ts";

const ISSUER = "https://tokens.test";
const SECRETS = {
  SIGNET_KEY_ENCRYPTION_KEY: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k",
  SIGNET_ADMIN_TOKEN: "canary-admin-token-0123456789-0123456789",
};
const ENV: Readonly<Record<string, string>> = {
  ...{ SIGNET_ISSUER: ISSUER, SIGNET_KV: ":memory:", SIGNET_CONFIG: "signet.json", ...SECRETS },
  ...{ SIGNET_RATE_LIMIT: "600", SIGNET_INITIALIZED: "true", PORT: "8000" },
};
const workload = {
  ...{
    id: "web",
    org: "acme",
    app: "web",
    context: "production",
    audiences: ["sts.amazonaws.com", "*"],
  },
  ...{ claims: { team: "payments" }, maxTtlSeconds: 600 },
  trust: [{ preset: "github", repositoryId: "456789", environment: "production" }],
};
const FILE = {
  workloads: [{
    ...workload,
    credentials: [
      {
        id: "one",
        type: "request_token",
        sha256: "0".repeat(64),
        expiresAt: "2027-01-31T00:00:00Z",
      },
      { id: "two", type: "public_key", jwk: { kty: "OKP", crv: "Ed25519", x: "A".repeat(43) } },
    ],
  }],
  profiles: [{
    ...{ name: "internal", audiences: ["https://*.acme.test"], alg: "ES256", ttlSeconds: 600 },
    ...{ subject: "w/{workload}[/{deployment}]", maxSubjectBytes: 99, reuseSeconds: 5 },
    ...{ claims: { tier: "gold" }, parameters: ["roles"] },
  }],
  timings: {
    periodSeconds: 604_800,
    leadSeconds: 90_000,
    tailSeconds: 90_000,
    jwksMaxAgeSeconds: 600,
  },
  hosts: ["tokens.acme.test"],
  administrators: [{ preset: "github", repositoryId: "456789", environment: "operations" }],
  ...{ minimumEpochs: { RS256: 1 }, x5c: false },
  tenants: {
    blue: { workloads: [], adminTokenSha256: "0".repeat(64), minimumEpochs: { RS256: 1 } },
  },
};

function environmentOf(random: Random): Record<string, string> {
  const changed: Record<string, string> = { ...ENV };
  if (random.oneIn(2)) return changed;
  const name = random.pick(Object.keys(ENV));
  changed[name] = random.oneIn(3) ? anyText(random) : mutateText(random, ENV[name]!);
  return changed;
}

function fileOf(random: Random): Uint8Array {
  const value = random.oneIn(20) ? anyValue(random, 5) : mutateValue(random, FILE);
  const text = JSON.stringify(value) ?? "";
  const bytes = new TextEncoder().encode(random.oneIn(8) ? mutateText(random, text) : text);
  return random.oneIn(12) ? mutateBytes(random, bytes) : bytes;
}

/** What is accepted starts, and mints for every profile. */
async function use(options: ReturnType<typeof readConfig>["options"]): Promise<void> {
  await using issuer = createIssuerWith({ ...options, kv: memoryKv() }, signingParts());
  const host = options.hosts?.[0] ?? new URL(options.issuer).host;
  const place = new URL(options.issuer).pathname.replace(/\/$/, "");
  const url = `https://${host}${place}/.well-known/openid-configuration`;
  if (!URL.canParse(url)) return;
  const { status } = await issuer.fetch(new Request(url));
  ensure(status === 200 || status === 421, `discovery answers ${status}`, options);
  const workloads = [workload, ...(options.workloads ?? []).map(({ workload }) => workload)];
  for (const profile of options.profiles ?? []) {
    for (const each of workloads) {
      const request = { audience: "https://a.acme.test" };
      const input = { issuer: options.issuer, now: 1e12, jti: "j", verified: {}, profile, request };
      try {
        const claims = mintClaims({ ...input, workload: { ...each, trust: [] } });
        const types = `${typeof claims.sub} ${typeof claims.exp} ${
          Number.isSafeInteger(claims.exp)
        }`;
        ensure(types === "string number true", "claims of another type", { profile, claims });
      } catch (error) {
        ensure(error instanceof TokenError, `minting threw ${error}`, profile);
      }
    }
  }
}

/** A configuration is refused by a list of faults that quotes no secret, or it starts and mints. */
export const configurationTarget: Target = {
  name: "configuration",
  cases: 400,
  async run(random) {
    const env = environmentOf(random), file = fileOf(random);
    const length = file.length + JSON.stringify(env).length;
    const outcome = attempt({
      ...{ input: [env, new TextDecoder().decode(file)], length, errors: [IssuerConfigError] },
      parse: () => readConfig({ env: (name) => env[name], readFile: () => file }),
    });
    if ("value" in outcome) return await use(outcome.value.options);
    for (const [name, secret] of Object.entries(SECRETS)) {
      const told = outcome.error.message.includes(env[name] || secret);
      ensure(!told || env[name]!.length < 8, `a fault quotes ${name}`, outcome.error.message);
    }
  },
};

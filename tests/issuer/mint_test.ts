import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { TokenError } from "../../issuer/errors.ts";
import { mintClaims, type MintInput } from "../../issuer/mint.ts";
import { builtInProfiles, defaultProfile } from "../../issuer/profiles.ts";
import { isReservedClaim } from "../../issuer/reserved_claims.ts";

const workload = {
  id: "web",
  org: "acme",
  app: "web",
  context: "production",
  audiences: ["*"],
  claims: {},
  maxTtlSeconds: 3600,
  trust: [],
};
const input: MintInput = {
  issuer: "https://tokens.test",
  now: 1_700_000_000_900,
  jti: "j",
  workload,
  verified: {},
  profile: defaultProfile,
  request: { audience: "https://api.test" },
};
const profile = (name: string) => builtInProfiles.find((profile) => profile.name === name)!;

Deno.test("mintClaims writes the contract's claims in whole seconds", () => {
  assertEquals({ ...mintClaims(input) }, {
    iss: "https://tokens.test",
    sub: "deployment:acme/web/production",
    aud: "https://api.test",
    iat: 1_700_000_000,
    nbf: 1_700_000_000 - 60,
    exp: 1_700_000_000 + 300,
    jti: "j",
    org: "acme",
    app: "web",
    context: "production",
    workload: "web",
  });
});

Deno.test("mintClaims puts a verified deployment into sub and its claim, never an unverified one", () => {
  const claims = mintClaims({ ...input, verified: { deploymentId: "d1", revisionId: "r1" } });
  assertEquals(claims.sub, "deployment:acme/web/production/d1");
  assertEquals([claims.deployment_id, claims.revision_id], ["d1", "r1"]);
  assert(!("deployment_id" in mintClaims(input)));
});

Deno.test("threat 23: mintClaims lets no given claim change a reserved one", () => {
  const plain = mintClaims({ ...input, verified: { deploymentId: "d1" } });
  const given = fc.dictionary(
    fc.oneof(fc.constantFrom(...Object.keys(plain), "__proto__", "constructor"), fc.string()),
    fc.jsonValue() as fc.Arbitrary<never>,
  );
  fc.assert(
    fc.property(given, given, (claims, extra) => {
      const verified = { deploymentId: "d1", extra };
      const minted = mintClaims({ ...input, workload: { ...workload, claims }, verified });
      for (const name of Object.keys(plain)) assertEquals(minted[name], plain[name], name);
    }),
  );
});

Deno.test("isReservedClaim folds letter case, as some verifiers do", () => {
  for (
    const name of ["sub", "Sub", "AUD", "https://aws.amazon.com/tags", "__proto__", "workload"]
  ) {
    assert(isReservedClaim(name), name);
  }
  assert(!isReservedClaim("team"));
});

Deno.test("mintClaims gives each audience its lifetime, bounded by the workload", () => {
  const lifetime = (change: Partial<MintInput>) => {
    const { exp, iat } = mintClaims({ ...input, ...change }) as { exp: number; iat: number };
    return exp - iat;
  };
  assertEquals(lifetime({ profile: profile("gcp") }), 3600);
  assertEquals(
    lifetime({ profile: profile("gcp"), workload: { ...workload, maxTtlSeconds: 600 } }),
    600,
  );
  assertEquals(lifetime({ request: { audience: "a", ttl: 3600 } }), 3600);
  const short = { ...workload, maxTtlSeconds: 600 };
  assertThrows(
    () => lifetime({ workload: short, request: { audience: "a", ttl: 601 } }),
    TokenError,
    "the longest for this workload is 600 s",
  );
});

Deno.test("mintClaims keeps the deployment out of subjects that a cloud compares whole", () => {
  const verified = { deploymentId: "d1" };
  for (const name of ["azure", "gcp", "vault", "kubernetes"]) {
    const claims = mintClaims({ ...input, verified, profile: profile(name) });
    assertEquals(claims.sub, "deployment:acme/web/production", name);
    assertEquals(claims.deployment_id, "d1");
  }
});

Deno.test("mintClaims refuses a subject longer than the audience takes", () => {
  const long = { ...workload, org: "o".repeat(63), app: "a".repeat(63) };
  assertThrows(
    () => mintClaims({ ...input, workload: long, profile: profile("gcp") }),
    TokenError,
    "127",
  );
});

Deno.test("mintClaims binds AWS tokens to roles and tags them with verified claims only", () => {
  const request = {
    audience: "sts.amazonaws.com",
    roles: ["arn:aws:iam::111122223333:role/s3-reader"],
    sessionTags: ["app", "team"],
    sourceIdentity: "workload",
  };
  const aws = {
    ...input,
    profile: profile("aws"),
    workload: { ...workload, claims: { team: "payments" } },
  };
  const claims = mintClaims({ ...aws, request });
  assertEquals(claims["https://aws.amazon.com/roles"], request.roles);
  assertEquals(claims["https://aws.amazon.com/tags"], {
    principal_tags: { app: ["web"], team: ["payments"] },
  });
  assertEquals(claims["https://aws.amazon.com/source_identity"], "web");
  const tag = (name: string) =>
    mintClaims({ ...aws, request: { ...request, sessionTags: [name] } });
  assertThrows(() => tag("admin"), TokenError, "Cannot tag the session");
  assertThrows(() => mintClaims({ ...input, request }), TokenError, "belongs to AWS audiences");
  const roles = ["arn:aws:iam::1:role/x"];
  assertThrows(
    () => mintClaims({ ...aws, request: { ...request, roles } }),
    TokenError,
    "role ARNs",
  );
});

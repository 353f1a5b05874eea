import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { TrustRuleError } from "../../../issuer/trust/errors.ts";
import { parseTrustRules } from "../../../issuer/trust/parse_rule.ts";
import { testKey } from "../../verify/_support.ts";
import { accepted, assertFault, faultsOf, OWN, rule } from "./_support.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const ec = await testKey("ES256", "k1");

Deno.test("parseTrustRules accepts the contract's example as it stands", () => {
  const example = {
    issuer: "https://oidc.deno.com",
    audience: OWN,
    claims: { org_id: "729adb8f", app_id: "16ad21d8", context_name: "production" },
    singleUse: true,
  };
  assertEquals(accepted([example]), { rules: [example], warnings: [] });
});

Deno.test("parseTrustRules fills in singleUse: once, but not where the platform hands out a file", () => {
  const singleUse = (entry: unknown) => accepted([entry]).rules[0]?.singleUse;
  assertEquals(singleUse(rule()), true);
  assertEquals(singleUse(rule({ singleUse: false })), false);
  assertEquals(
    singleUse(rule({ issuer: "https://gitlab.com", claims: { project_id: "1", ref: "main" } })),
    false,
  );
  assertEquals(singleUse({ preset: "gitlab", projectId: "1", singleUse: true }), true);
});

Deno.test("parseTrustRules leaves its own output as it is", () => {
  const first = accepted([rule(), {
    preset: "github-actions",
    repositoryId: "1",
    ref: { glob: "refs/heads/*" },
  }]);
  assertEquals(accepted([...first.rules]).rules, first.rules);
});

Deno.test("threat 17: parseTrustRules refuses a rule without audience or with a misspelled member", () => {
  for (const audience of [undefined, null, "", [], [OWN], 1, {}]) {
    assertFault(rule({ audience } as never), /^\/0\/audience: (is required|must be one audience)/);
  }
  for (
    const name of [
      "audiences",
      "Audience",
      "claim",
      "single_use",
      "subject",
      "__proto__",
      "constructor",
    ]
  ) {
    const entry = JSON.parse(JSON.stringify(rule()).replace("{", `{"${name}":"x",`));
    assertFault(entry, `/0/${name}: is not a member of a rule; known: issuer, audience`);
  }
  assertFault(rule({ audience: "*" }), "must be written out");
  assertFault(rule({ audience: `${OWN}/` }), `must be written exactly: ${OWN}`);
  assertFault(rule({ audience: OWN.toUpperCase() }), `must be written exactly: ${OWN}`);
});

Deno.test("threat 16: parseTrustRules refuses the audiences of clouds and warns of any other", () => {
  for (
    const audience of [
      "sts.amazonaws.com",
      "api://AzureADTokenExchange",
      "//iam.googleapis.com/projects/1/x",
      "https://kubernetes.default.svc",
    ]
  ) {
    assertFault(rule({ audience }), "is the audience of tokens for somebody else");
  }
  const { warnings } = accepted([rule({ audience: "https://vercel.com/acme" })]);
  assert(warnings[0]?.includes("is not this issuer"), warnings[0]);
});

Deno.test("threat 18: parseTrustRules refuses a rule that trusts this issuer's own tokens", () => {
  for (const issuer of [OWN, `${OWN}/`]) assertFault(rule({ issuer }), "is this issuer itself");
  assertEquals(faultsOf([rule({ issuer: `${OWN}/tenant` })]), []);
});

Deno.test("threat 30: parseTrustRules refuses a rule without a condition that says whose token it is", () => {
  const wide: [Record<string, unknown>, string][] = [
    [{}, "must name at least one claim"],
    [{ sub: { glob: "*" } }, "met by anything"],
    [{ ref: { glob: "*/*" } }, "met by anything"],
    [{ sub: { glob: "repo:*" } }, "leaves open whose token it is"],
    [{ sub: { glob: "repo:org*" } }, "leaves open whose token it is"],
    [{ sub: { glob: "repo:org*/web:ref" } }, "leaves open whose token it is"],
    [{ sub: { glob: "*:acme/web:ref" } }, "leaves open whose token it is"],
    [{ sub: { glob: "repo:acme/**" } }, "must not hold **"],
    [{ sub: "repo:acme/web:*" }, "holds a *"],
    [{ environment: "production" }, "is met by strangers on GitHub Actions"],
    [{ ref: "refs/heads/main", actor: "me" }, "is met by strangers on GitHub Actions"],
    [
      { job_workflow_ref: "acme/ci/.github/workflows/x.yml@refs/heads/main" },
      "is met by strangers",
    ],
    [{ repository: { glob: "*/web" } }, "is met by strangers on GitHub Actions"],
    [{ repository: { glob: "acme*/web" } }, "is met by strangers on GitHub Actions"],
    [{ repository_id: { glob: "7*" } }, "is met by strangers on GitHub Actions"],
  ];
  for (const [claims, expected] of wide) {
    assertFault({ issuer: GITHUB, audience: OWN, claims }, expected);
  }
  const strangers: [string, Record<string, unknown>][] = [
    ["https://oidc.deno.com", { app_slug: "web", context_name: "production" }],
    ["https://gitlab.com", { ref: "main", ref_protected: "true" }],
    ["https://agent.buildkite.com", { pipeline_slug: "web" }],
    ["https://accounts.google.com", { email_verified: true }],
    ["https://oidc.vercel.com", { project: "web", environment: "production" }],
    ["https://app.terraform.io", { terraform_workspace_name: "web" }],
  ];
  for (const [issuer, claims] of strangers) {
    assertFault({ issuer, audience: OWN, claims }, "is met by strangers on");
  }
  assertFault(
    {
      issuer: "https://cluster.example.com",
      preset: "kubernetes",
      audience: OWN,
      claims: { sub: { glob: "system:serviceaccount:*:web" } },
    },
    "leaves open whose token it is",
  );
});

Deno.test("threat 30: parseTrustRules accepts repo:org/app:* and warns that pull requests meet it", () => {
  const claims = { sub: { glob: "repo:acme/web:*" }, repository_id: "7" };
  const { warnings } = accepted([{ issuer: GITHUB, audience: OWN, claims }]);
  assertEquals(warnings.length, 1);
  assert(warnings[0]?.includes("is met by pull requests"), warnings[0]);
});

Deno.test("parseTrustRules refuses what a claim can never be, each with its pointer", () => {
  const wrong: [Record<string, unknown>, string][] = [
    [{ iss: "x" }, "/0/claims/iss: cannot be a condition"],
    [{ aud: "x" }, "/0/claims/aud: cannot be a condition"],
    [{ exp: 1 }, "/0/claims/exp: cannot be a condition"],
    [{ jti: "x" }, "/0/claims/jti: cannot be a condition"],
    [{ "": "x" }, "/0/claims/: must be 1 to 256 characters"],
    [{ "a/b": null }, "/0/claims/a~1b: must be text"],
    [{ a: "" }, "/0/claims/a: must not be empty"],
    [{ a: 1.5 }, "must be a whole number"],
    [{ a: 2 ** 53 }, "must be a whole number"],
    [{ a: [] }, "must have 1 to 64 members"],
    [{ a: [null] }, "must be text"],
    [{ a: [["x"]] }, "must be text"],
    [{ a: {} }, 'must be {"glob"'],
    [{ a: { globb: "x" } }, 'must be {"glob"'],
    [{ a: { glob: "x", regex: "y" } }, 'must be {"glob"'],
    [{ a: { glob: "" } }, "must be a glob that is not empty"],
    [{ a: { glob: 1 } }, "must be a glob"],
    [{ a: { uid: "x" } }, "/its/path"],
    [{ "/a~2": "x" }, "is not a JSON pointer"],
    [{ a: "x".repeat(1025) }, "must not be over 1024 characters"],
  ];
  for (const [claims, expected] of wrong) assertFault(rule({ claims } as never), expected);
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`c${i}`, "x"]));
  assertFault(rule({ claims: many }), "must not name more than 32 claims");
  for (const claims of [null, [], "x", 1]) {
    assertFault(rule({ claims } as never), "/0/claims: must");
  }
});

Deno.test("threat 28: a rule holds no regular expression: its signs are literal", () => {
  const { rules } = accepted([
    rule({ claims: { sub: "a|b", ref: { glob: "refs/heads/(x|y).*" } } }),
  ]);
  assertEquals(rules[0]?.claims, { sub: "a|b", ref: { glob: "refs/heads/(x|y).*" } });
});

Deno.test("parseTrustRules reports every fault of every rule at once", () => {
  const faults = faultsOf([
    rule({ audience: undefined, clams: {} } as never),
    "x",
    { preset: "nothing" },
    { preset: "github", foo: 1 },
    rule({ singleUse: "yes", preset: 7, jwks: {} } as never),
  ]);
  assertEquals(faults.map((fault) => fault.split(":")[0]), [
    "/0/clams",
    "/0/audience",
    "/1",
    "/2/preset",
    "/3/foo",
    "/3",
    "/4/preset",
    "/4/singleUse",
    "/4/jwks",
  ]);
  for (const value of [undefined, null, {}, "x", Array(51).fill(rule())]) {
    assertEquals(faultsOf(value), [": must be a list of at most 50 rules"]);
  }
});

Deno.test("parseTrustRules refuses a preset that is not the issuer's", () => {
  const entry = { issuer: GITHUB, audience: OWN, preset: "gitlab", claims: { project_id: "1" } };
  assertFault(entry, "/0/preset: does not fit: the issuer is that of github");
  const own = {
    ...entry,
    issuer: "https://gitlab.example.com",
    claims: { project_id: "1", ref: "main" },
  };
  assertEquals(accepted([own]).rules[0]?.preset, "gitlab");
});

Deno.test("parseTrustRules takes static keys, public ones only, also for an issuer out of reach", () => {
  const jwks = { keys: [ec.jwk] };
  for (const issuer of ["https://kubernetes.default.svc.cluster.local", "https://10.0.0.1:6443"]) {
    const claims = { sub: "system:serviceaccount:shop:web" };
    assertEquals(accepted([rule({ issuer, jwks, claims })]).rules[0]?.jwks, jwks);
    assertFault(rule({ issuer, claims }), "/0/issuer: must");
  }
  for (
    const bad of [{}, null, { keys: [] }, { keys: [{ ...ec.jwk, d: "AQAB" }] }, {
      keys: [ec.jwk, ec.jwk],
    }, { keys: [ec.jwk, { kty: "oct", k: "AA", kid: "s" }] }]
  ) {
    assertFault(rule({ jwks: bad } as never), "/0/jwks: must");
  }
});

Deno.test("parseTrustRules throws nothing but TrustRuleError, whatever it is given", () => {
  const name = fc.constantFrom(
    "issuer",
    "audience",
    "claims",
    "singleUse",
    "preset",
    "jwks",
    "repository",
    "orgId",
    "namespace",
    "__proto__",
    "glob",
    "keys",
  );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      OWN,
      GITHUB,
      "github",
      "kubernetes",
      "google",
      "https://10.0.0.1",
      "*",
      "repo:*",
      null,
      true,
    ),
    fc.string(),
    fc.integer(),
    fc.webUrl(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(name, fc.string()), tie("tree"), { maxKeys: 5 }),
      fc.record({ issuer: leaf, audience: leaf, claims: fc.dictionary(fc.string(), tie("tree")) }),
      fc.record({ preset: leaf, repository: tie("tree"), issuer: leaf }, {
        requiredKeys: ["preset"],
      }),
    ),
  }));
  fc.assert(
    fc.property(fc.oneof(fc.array(tree, { maxLength: 3 }), tree), (value) => {
      try {
        const { rules } = parseTrustRules(value, { ownIssuer: OWN, ownIsLoopback: false });
        for (const { audience, claims } of rules) {
          assert(typeof audience === "string" && Object.keys(claims).length > 0);
        }
      } catch (error) {
        assert(error instanceof TrustRuleError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("TrustRuleError lists its faults for people", () => {
  assertThrows(
    () => accepted([rule({ audience: undefined } as never)]),
    TrustRuleError,
    `/0/audience: is required: this issuer's own URL, ${OWN}`,
  );
});

import { assert, assertEquals, assertThrows } from "@std/assert";
import { PresetError } from "../../../issuer/trust/errors.ts";
import { expandPreset } from "../../../issuer/trust/expand_preset.ts";
import { matchesRule } from "../../../issuer/trust/match_rule.ts";
import { presetOfIssuer, PRESETS } from "../../../issuer/trust/presets/find_preset.ts";
import { platformFacts } from "../../../issuer/trust/verified_claims.ts";
import { OWN, SAMPLES } from "./_samples.ts";
import { accepted, claimsFrom, faultsOf } from "./_support.ts";

for (const [name, sample] of Object.entries(SAMPLES)) {
  Deno.test(`preset ${name} accepts its platform's documented token and refuses near misses`, () => {
    for (const request of sample.presets) {
      const rule = accepted([request]).rules[0]!;
      assert(matchesRule(rule, claimsFrom(sample.claims)), "the sample");
      assertEquals(rule.singleUse, sample.singleUse);
      for (const [miss, change] of Object.entries(sample.misses)) {
        const claims = claimsFrom({ ...sample.claims, ...change });
        // Every preset line may leave out what another pins; the first one pins it all.
        if (request === sample.presets[0]) assertEquals(matchesRule(rule, claims), false, miss);
      }
    }
  });

  Deno.test(`preset ${name} yields the facts that its platform signed`, () => {
    const [rule] = accepted([sample.presets[0]]).rules;
    const facts = platformFacts(rule!, claimsFrom(sample.claims));
    assertEquals(facts.extra, { platform: name, ...sample.facts });
    assertEquals(facts.deploymentId, sample.deploymentId);
    assertEquals(facts.revisionId, sample.revisionId);
    assertEquals(platformFacts(rule!, claimsFrom({ iss: "x", aud: "y" })).extra, {
      platform: name,
    });
  });
}

Deno.test("every preset has a sample here, and is found by its issuer where that is fixed", () => {
  assertEquals(PRESETS.map(({ name }) => name).sort(), Object.keys(SAMPLES).sort());
  for (const [name, { claims }] of Object.entries(SAMPLES)) {
    const known = presetOfIssuer(String(claims["iss"]))?.name;
    assertEquals(known, ["signet", "kubernetes"].includes(name) ? undefined : name);
  }
});

Deno.test("every preset describes its parameters, with examples that it accepts", () => {
  for (const preset of PRESETS) {
    assert(URL.canParse(preset.documentation));
    const request = Object.fromEntries(
      Object.entries(preset.params).map(([name, { example, type = "string" }]) => [
        name,
        type === "string" ? example : JSON.parse(example),
      ]),
    );
    const { rules } = accepted([{ preset: preset.name, ...request }]);
    assertEquals(rules.length, 1, preset.name);
  }
});

Deno.test("expandPreset writes a rule in one line", () => {
  const request = {
    preset: "github",
    repository: "acme/web",
    repositoryId: "7",
    environment: "prod",
  };
  assertEquals(expandPreset(request, { ownIssuer: OWN }), {
    issuer: "https://token.actions.githubusercontent.com",
    audience: OWN,
    singleUse: true,
    preset: "github",
    claims: { repository: "acme/web", repository_id: "7", environment: "prod" },
  });
});

Deno.test("expandPreset names what exists when a preset or parameter does not", () => {
  const expand = (request: Record<string, unknown>) => () =>
    expandPreset(request as never, { ownIssuer: OWN });
  assertThrows(expand({ preset: "jenkins" }), PresetError, "known: deno-deploy, github, gitlab");
  assertThrows(expand({}), PresetError, "known: deno-deploy");
  assertThrows(expand({ preset: "__proto__" }), PresetError, "known: deno-deploy");
  assertThrows(
    expand({ preset: "github", repositroy: "acme/web" }),
    PresetError,
    "is no parameter of preset github; known: repository, repositoryId",
  );
  assertThrows(
    expand({ preset: "github", environment: "prod" }),
    PresetError,
    "needs repositoryId or repository",
  );
  assertThrows(
    expand({ preset: "github", repositoryId: 7 }),
    PresetError,
    'must be text, as "456789"',
  );
  assertThrows(
    expand({ preset: "github", repositoryId: { glob: "4*" } }),
    PresetError,
    "must be text",
  );
  assertThrows(
    expand({ preset: "circleci", orgId: "a/../b", projectId: "c" }),
    PresetError,
    "letters, digits",
  );
  assertThrows(
    expand({ preset: "circleci", orgId: "o", projectId: "c", sshRerun: "no" }),
    PresetError,
    "boolean",
  );
  assertThrows(
    expand({ preset: "circleci", orgId: "o", projectId: "c", contextIds: "c" }),
    PresetError,
    "list",
  );
  assertThrows(
    expand({
      preset: "kubernetes",
      issuer: "https://c.test",
      namespace: "a:b",
      serviceAccount: "c",
    }),
    PresetError,
    "letters, digits",
  );
});

Deno.test("threat 27: a rule by names alone is accepted with a warning that names the id", () => {
  const cases: [Record<string, unknown>, string | undefined][] = [
    [{ preset: "github", repository: "acme/web", environment: "p" }, "repository_id"],
    [{ preset: "github", repositoryId: "7", repository: "acme/web", environment: "p" }, undefined],
    [{ preset: "gitlab", project: "acme/web", ref: "main" }, "project_id"],
    [{ preset: "deno", org: "acme", app: "web", context: "production" }, "app_id"],
    [{ preset: "deno", orgId: "1", app: "web", context: "production" }, "app_id"],
    [{ preset: "buildkite", organization: "acme", pipeline: "web", branch: "main" }, "pipeline_id"],
    [{ preset: "vercel", team: "acme", project: "web", environment: "production" }, "owner_id"],
    [{ preset: "vercel", team: "acme", projectId: "p", environment: "production" }, undefined],
    [{ preset: "fly", org: "acme", app: "web" }, "org_id"],
    [{ preset: "fly", org: "acme", appId: "1" }, undefined],
    [{ preset: "google", serviceAccount: "a@b.iam.gserviceaccount.com" }, "sub"],
    [
      { preset: "terraform", organization: "acme", workspace: "web", runPhase: "apply" },
      "terraform_workspace_id",
    ],
  ];
  for (const [request, id] of cases) {
    const warnings = accepted([request]).warnings.join("\n");
    if (id === undefined) assertEquals(warnings, "", JSON.stringify(request));
    else assert(warnings.includes(`pin ${id} too`), `${JSON.stringify(request)}: ${warnings}`);
  }
  const immutable = {
    issuer: "https://token.actions.githubusercontent.com",
    audience: OWN,
    claims: { sub: "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main" },
  };
  assertEquals(accepted([immutable]).warnings, []);
});

Deno.test("threat 30: a rule that every branch and preview meets gets a warning", () => {
  const [warning] = accepted([{ preset: "github", repositoryId: "7" }]).warnings;
  assert(warning?.startsWith("trust rule 0: every branch and preview on GitHub Actions"), warning);
  assertEquals(
    accepted([{ preset: "github", repositoryId: "7", ref: "refs/heads/main" }]).warnings,
    [],
  );
});

Deno.test("threat 16: a fixed audience of the platform is accepted with a warning, another one not", () => {
  const [request] = SAMPLES["azure-devops"]!.presets;
  const { rules, warnings } = accepted([request]);
  assertEquals(rules[0]?.audience, "api://AzureADTokenExchange");
  assert(warnings[0]?.includes("is not this issuer"), warnings[0]);
  const taken = { ...SAMPLES["github"]!.presets[0], audience: "api://AzureADTokenExchange" };
  assert(faultsOf([taken])[0]?.includes("tokens for somebody else"));
});

Deno.test("preset google by address accepts only an address that Google has checked", () => {
  const serviceAccount = "web@acme-prod.iam.gserviceaccount.com";
  const [rule] = accepted([{ preset: "google", serviceAccount }]).rules;
  const { claims } = SAMPLES["google"]!;
  assertEquals(matchesRule(rule!, claimsFrom(claims)), true);
  for (const email_verified of [false, "true", undefined]) {
    assertEquals(matchesRule(rule!, claimsFrom({ ...claims, email_verified })), false);
  }
  const glob = {
    preset: "google",
    serviceAccount: { glob: "*@acme-prod.iam.gserviceaccount.com" },
  };
  assert(faultsOf([glob])[0]?.includes("must be text"));
});

Deno.test("threat 33: a preview or development context never meets a rule for production", () => {
  const previews: [string, Record<string, unknown>][] = [
    ["deno-deploy", { context_name: "development", context_id: "2" }],
    ["vercel", { environment: "preview" }],
    ["github", { environment: "preview" }],
    ["terraform-cloud", { terraform_run_phase: "plan" }],
  ];
  for (const [name, change] of previews) {
    const { presets, claims } = SAMPLES[name]!, [rule] = accepted([presets[0]]).rules;
    assertEquals(matchesRule(rule!, claimsFrom({ ...claims, ...change })), false, name);
  }
});

Deno.test("threat 25: a deployment that is not a name stays out of the subject", () => {
  const [rule] = accepted([SAMPLES["deno-deploy"]!.presets[0]]).rules;
  const claims = SAMPLES["deno-deploy"]!.claims;
  const hostile = [
    "a/b",
    "a:b",
    "A",
    "",
    "a--b",
    "-a",
    "a-",
    "a b",
    "a\n",
    "ä",
    "a*",
    "x".repeat(64),
    7,
    null,
    ["a"],
    { a: 1 },
    true,
  ];
  for (const deployment of hostile) {
    const facts = platformFacts(rule!, claimsFrom({ ...claims, deployment_id: deployment }));
    assertEquals(facts.deploymentId, undefined, JSON.stringify(deployment));
  }
  for (const long of ["v".repeat(257), "", null, ["x"], {}]) {
    const facts = platformFacts(
      rule!,
      claimsFrom({ ...claims, context_name: long, revision_id: long }),
    );
    assertEquals(facts.extra, { platform: "deno-deploy" });
    assertEquals(facts.revisionId, undefined);
  }
});

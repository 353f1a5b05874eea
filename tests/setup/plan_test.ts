import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ExternalAccountClient } from "google-auth-library";
import {
  setupAws,
  setupAzure,
  setupGcp,
  setupKubernetes,
  type SetupPlan,
  setupVault,
} from "../../setup/mod.ts";
import { PEM, PLANNERS, someInput, UUID } from "./_support/inputs.ts";
import { parseHcl, parseYaml } from "./_support/parse.ts";
import {
  assertShape,
  assertTrustPolicy,
  AUTHENTICATION_CONFIGURATION,
  KUBECONFIG,
  ROLE_BINDING,
  TERRAFORM,
} from "./_support/schema.ts";

const ACCOUNT = { accountId: "123456789012" };
const PROJECT = { projectId: "acme-prod", projectNumber: "123456789" };

function artifact(plan: SetupPlan, name: string): string {
  return plan.artifacts.find((item) => item.name === name)?.contents ?? "";
}

// deno-lint-ignore no-explicit-any
type Loose = any;
type Parsed = Record<string, Loose>;

async function terraform(plan: SetupPlan): Promise<Parsed> {
  return await parseHcl(plan.terraform) as Parsed;
}

Deno.test("setup plans use only arguments that the Terraform providers document", async () => {
  const plans = Object.values(PLANNERS).flatMap((planner) => [
    planner(someInput()),
    planner(someInput({ reuseIssuerEntry: true })),
  ]);
  plans.push(
    setupKubernetes(someInput(), { clusterWide: true }),
    setupVault(someInput({ perDeployment: true })),
  );
  for (const plan of plans) {
    const parsed = await terraform(plan);
    const kinds = [...Object.entries(parsed.resource ?? {}), ...Object.entries(parsed.data ?? {})];
    for (const [kind, named] of kinds) {
      for (const blocks of Object.values(named as Parsed)) {
        for (const block of blocks) assertShape(block, TERRAFORM[kind] ?? {}, kind);
      }
    }
  }
});

Deno.test("setup plans say what will exist, name subject and audience everywhere, and end in a newline", () => {
  for (const [name, planner] of Object.entries(PLANNERS)) {
    const plan = planner(someInput());
    const summary = plan.summary.join("\n");
    for (const wanted of [plan.subject, plan.audience]) {
      assert(summary.includes(wanted), `${name}: the summary lacks ${wanted}`);
      const texts = [plan.cli, plan.terraform];
      if (plan.vendor === "kubernetes" && wanted === plan.audience) {
        texts.splice(0, 2, artifact(plan, "authentication-config.yaml"));
      } else if (plan.vendor === "gcp" && wanted === plan.audience) {
        texts.splice(
          0,
          2,
          artifact(plan, "google-credentials-url.json").replaceAll("//iam", "https://iam"),
        );
      }
      for (const text of texts) assert(text.includes(wanted), `${name} lacks ${wanted}`);
    }
    assertEquals(plan.environment.SIGNET_ISSUER, "https://id.acme.test/tenant");
    assert(plan.notes.length > 0);
    for (const { name: file, contents } of plan.artifacts) assert(contents.endsWith("\n"), file);
  }
});

Deno.test("setupAws trust policy demands the audience and the exact subject", () => {
  const policy = JSON.parse(artifact(setupAws(someInput(), ACCOUNT), "trust-policy.json"));
  assertTrustPolicy(policy);
  assertEquals(policy.Statement[0].Condition, {
    StringEquals: {
      "id.acme.test/tenant:aud": "sts.amazonaws.com",
      "id.acme.test/tenant:sub": "deployment:acme/web/production",
    },
  });
  assertEquals(policy.Statement[0].Action, ["sts:AssumeRoleWithWebIdentity"]);
  assertEquals(
    policy.Statement[0].Principal.Federated,
    "arn:aws:iam::123456789012:oidc-provider/id.acme.test/tenant",
  );
});

Deno.test("setupAws uses StringLike only when deployments are asked for", () => {
  const plan = setupAws(someInput({ perDeployment: true }), ACCOUNT);
  const policy = JSON.parse(artifact(plan, "trust-policy.json"));
  assertTrustPolicy(policy);
  assertEquals(policy.Statement[0].Condition.StringLike, {
    "id.acme.test/tenant:sub": [
      "deployment:acme/web/production",
      "deployment:acme/web/production/*",
    ],
  });
  assertMatch(plan.notes.join("\n"), /StringLike is used because/);
});

Deno.test("setupAws adds session tags, source identity and the role claim on request", () => {
  const policy = JSON.parse(artifact(PLANNERS.aws!(someInput()), "trust-policy.json"));
  assertTrustPolicy(policy);
  assertEquals(policy.Statement[0].Action, [
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
  ]);
  assertEquals(policy.Statement[0].Condition.Bool, { "sts:RoleAuthorizedByIdp": "true" });
});

Deno.test("setupAws writes the same trust in Terraform as in JSON", async () => {
  for (const perDeployment of [false, true]) {
    const plan = setupAws(someInput({ perDeployment }), ACCOUNT);
    const policy = JSON.parse(artifact(plan, "trust-policy.json"));
    const document = (await terraform(plan)).data.aws_iam_policy_document.trust[0].statement[0];
    const conditions: Parsed = {};
    for (const { test, variable, values } of document.condition) {
      (conditions[test] ??= {})[variable] = values.length === 1 ? values[0] : values;
    }
    assertEquals(conditions, policy.Statement[0].Condition);
    assertEquals(document.actions, policy.Statement[0].Action);
  }
});

Deno.test("setupAws keeps the partition in every ARN", () => {
  const plan = setupAws(someInput(), { ...ACCOUNT, partition: "aws-us-gov" });
  const policy = artifact(plan, "trust-policy.json");
  assertMatch(policy, /arn:aws-us-gov:iam::123456789012:oidc-provider/);
  assertEquals(
    plan.environment.SIGNET_AWS_ROLE_ARN,
    "arn:aws-us-gov:iam::123456789012:role/signet-web-production",
  );
});

Deno.test("setupAws refuses what IAM would refuse", () => {
  const wrong: Loose[] = [
    { accountId: "12345678901" },
    { accountId: "123456789012\n" },
    { ...ACCOUNT, roleName: "has space" },
    { ...ACCOUNT, roleName: "r".repeat(65) },
    { ...ACCOUNT, policyArns: ["arn:aws:iam::aws:role/x"] },
    { ...ACCOUNT, policyArns: ["$(x)"] },
    { ...ACCOUNT, maxSessionSeconds: 900 },
    { ...ACCOUNT, maxSessionSeconds: 3600.5 },
    { ...ACCOUNT, thumbprint: "ab:cd" },
    { ...ACCOUNT, partition: "aws-moon" },
  ];
  for (const options of wrong) {
    assertThrows(() => setupAws(someInput(), options), Error, "Cannot plan the aws setup");
  }
  assertThrows(() => setupAws(someInput({ subject: "x${aws:username}" }), ACCOUNT), Error, "${");
});

Deno.test("setupGcp credential files are accepted by google-auth-library", () => {
  for (const serviceAccount of [undefined, "web-app@acme-prod.iam.gserviceaccount.com"]) {
    const plan = setupGcp(someInput(), { ...PROJECT, serviceAccount });
    for (const name of ["google-credentials-url.json", "google-credentials-file.json"]) {
      const client = ExternalAccountClient.fromJSON(JSON.parse(artifact(plan, name)));
      assertEquals(client?.constructor.name, "IdentityPoolClient");
      const email = client?.getServiceAccountEmail() ?? undefined;
      assertEquals(email, serviceAccount);
    }
  }
});

Deno.test("setupGcp always writes an attribute condition and binds the exact subject", async () => {
  const plan = setupGcp(someInput(), {
    ...PROJECT,
    serviceAccount: "web-app@acme-prod.iam.gserviceaccount.com",
  });
  const parsed = await terraform(plan);
  const provider = parsed.resource.google_iam_workload_identity_pool_provider.signet[0];
  assertEquals(provider.attribute_condition, "assertion.org == 'acme'");
  assertEquals(provider.attribute_mapping["google.subject"], "assertion.sub");
  assertMatch(
    parsed.resource.google_service_account_iam_member.workload[0].member,
    /\/subject\/deployment:acme\/web\/production$/,
  );
  assertEquals(
    plan.audience,
    "https://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/signet/providers/signet",
  );
});

Deno.test("setupGcp uploads only the members that Google takes and refuses private keys", () => {
  const key = {
    kty: "EC",
    crv: "P-256",
    kid: "k",
    x: "AA",
    y: "BB",
    key_ops: ["verify"],
    ext: true,
    x5c: ["z"],
  };
  const plan = setupGcp(someInput(), { ...PROJECT, jwks: { keys: [key] } });
  assertEquals(JSON.parse(artifact(plan, "jwks.json")), {
    keys: [{ kty: "EC", kid: "k", crv: "P-256", x: "AA", y: "BB" }],
  });
  for (
    const bad of [{ ...key, d: "secret" }, { kty: "OKP", crv: "Ed25519", x: "AA" }, {
      ...key,
      kid: "a b",
    }]
  ) {
    assertThrows(() => setupGcp(someInput(), { ...PROJECT, jwks: { keys: [bad] } }), Error, "jwks");
  }
  assertThrows(
    () => setupGcp(someInput(), { ...PROJECT, jwks: { keys: [] } }),
    Error,
    "at least one",
  );
});

Deno.test("setupGcp refuses a subject over 127 bytes and ids outside Google's rules", () => {
  const long = "a".repeat(63);
  const workload = { org: long, app: long, context: "production" };
  assertThrows(
    () => setupGcp(someInput({ workload }), PROJECT),
    Error,
    "google.subject takes at most 127",
  );
  const ok = setupGcp(someInput({ subject: "s".repeat(127) }), PROJECT);
  assertEquals(ok.subject.length, 127);
  for (const pool of ["abc", "gcp-pool", "Pool", "p".repeat(33), "a_bcd"]) {
    assertThrows(() => setupGcp(someInput(), { ...PROJECT, pool }), Error, "options.pool");
    assertThrows(
      () => setupGcp(someInput(), { ...PROJECT, provider: pool }),
      Error,
      "options.provider",
    );
  }
  assertThrows(
    () => setupGcp(someInput(), { ...PROJECT, projectNumber: "acme-prod" }),
    Error,
    "NUMBER",
  );
});

Deno.test("setupAzure credential keeps the case and has one audience", () => {
  const plan = PLANNERS["azure app"]!(someInput({ subject: "Deployment:Acme" }));
  const credential = JSON.parse(artifact(plan, "federated-credential.json"));
  assertShape(credential, {
    name: "string",
    issuer: "string",
    subject: "string",
    audiences: ["string"],
    description: "string",
  });
  assertEquals([credential.subject, credential.audiences], ["Deployment:Acme", [
    "api://AzureADTokenExchange",
  ]]);
  assertMatch(plan.notes.join("\n"), /RS256 only/);
});

Deno.test("setupAzure refuses what Entra would refuse", () => {
  const target = { kind: "app", displayName: "x" } as const;
  const base = { tenantId: UUID, subscriptionId: UUID, target };
  const wrong: Loose[] = [
    { ...base, tenantId: "acme.onmicrosoft.com" },
    { ...base, credentialName: "ab" },
    { ...base, credentialName: "n".repeat(121) },
    { ...base, credentialName: "a b c" },
    { ...base, cloud: "moon" },
    { ...base, target: { kind: "app" } },
    { ...base, target: { kind: "app", appId: UUID, displayName: "x" } },
    { ...base, target: { kind: "app", displayName: "x' or '1" } },
    { ...base, target: { kind: "managed-identity", name: "x", resourceGroup: "g" } },
    { ...base, target: undefined },
    { ...base, roles: [{ role: "Reader", scope: "subscriptions/x" }] },
  ];
  for (const options of wrong) {
    assertThrows(
      () => setupAzure(someInput(), options),
      Error,
      "Cannot plan the azure setup",
    );
  }
  assertThrows(() => setupAzure(someInput({ audience: "a".repeat(601) }), base), Error, "600");
  assertThrows(() => setupAzure(someInput({ subject: "@file" }), base), Error, "@");
});

Deno.test("setupAzure takes the audience of a sovereign cloud", () => {
  const target = { kind: "app", appId: UUID } as const;
  const plan = setupAzure(someInput(), {
    tenantId: UUID,
    subscriptionId: UUID,
    target,
    cloud: "china",
  });
  assertEquals(plan.audience, "api://AzureADTokenExchangeChina");
});

Deno.test("setupVault role is of type jwt and binds issuer, audience, subject and algorithms", () => {
  const plan = setupVault(someInput(), { issuerCa: PEM });
  const config = JSON.parse(artifact(plan, "vault-config.json"));
  assertEquals(config, {
    oidc_discovery_url: "https://id.acme.test/tenant",
    bound_issuer: "https://id.acme.test/tenant",
    jwt_supported_algs: ["RS256", "ES256"],
    oidc_discovery_ca_pem: PEM,
  });
  assertEquals(JSON.parse(artifact(plan, "vault-role.json")), {
    role_type: "jwt",
    user_claim: "sub",
    bound_audiences: ["vault"],
    bound_subject: "deployment:acme/web/production",
    bound_claims_type: "string",
    bound_claims: { org: "acme" },
    token_policies: ["web-production"],
    token_ttl: 900,
    token_max_ttl: 3600,
  });
});

Deno.test("setupVault uses globs only when deployments are asked for", () => {
  const plan = setupVault(someInput({ perDeployment: true }), { program: "bao" });
  const role = JSON.parse(artifact(plan, "vault-role.json"));
  assertEquals(role.bound_subject, undefined);
  assertEquals(role.bound_claims, {
    org: "acme",
    sub: ["deployment:acme/web/production", "deployment:acme/web/production/*"],
  });
  assertEquals([role.bound_claims_type, plan.audience], ["glob", "openbao"]);
});

Deno.test("setupVault refuses paths, names and certificates that are none", () => {
  const wrong: Loose[] = [
    { mount: "/jwt" },
    { mount: "jwt/../x" },
    { role: "a/b" },
    { policies: ["a b"] },
    { readPaths: ['x" {}'] },
    { tokenTtlSeconds: 0 },
    { issuerCa: "-----BEGIN CERTIFICATE-----\n$(x)\n-----END CERTIFICATE-----" },
    { issuerCa: PEM.replaceAll("CERTIFICATE", "PRIVATE KEY") },
    { address: "https://vault.test/$(x)" },
    { program: "rm" },
  ];
  for (const options of wrong) {
    assertThrows(
      () => setupVault(someInput(), options),
      Error,
      "Cannot plan the vault setup",
    );
  }
});

Deno.test("setupKubernetes documents have the fields of the API and no others", () => {
  for (const perDeployment of [false, true]) {
    for (
      const options of [{}, {
        clusterWide: true,
        server: "https://k.test",
        clusterCa: PEM,
        issuerCa: PEM,
        discoveryUrl: "https://in.test/d",
        admit: "workload" as const,
      }]
    ) {
      const plan = setupKubernetes(someInput({ perDeployment }), options);
      assertShape(
        parseYaml(artifact(plan, "authentication-config.yaml")),
        AUTHENTICATION_CONFIGURATION,
      );
      assertShape(parseYaml(artifact(plan, "rbac.yaml")), ROLE_BINDING);
      assertShape(parseYaml(artifact(plan, "kubeconfig.yaml")), KUBECONFIG);
    }
  }
});

Deno.test("setupKubernetes binds the user of the exact subject, or the workload's group for deployments", () => {
  const exact = parseYaml(artifact(setupKubernetes(someInput()), "rbac.yaml"));
  assertEquals([exact.kind, exact.metadata.namespace], ["RoleBinding", "default"]);
  assertEquals(exact.subjects[0].kind, "User");
  assertEquals(exact.subjects[0].name, "signet:deployment:acme/web/production");
  const group = parseYaml(
    artifact(setupKubernetes(someInput({ perDeployment: true })), "rbac.yaml"),
  );
  assertEquals([group.subjects[0].kind, group.subjects[0].name], [
    "Group",
    "signet:acme/web/production",
  ]);
});

Deno.test("setupKubernetes authenticator names audience and organization or subject, and keeps system names out", () => {
  const org = parseYaml(artifact(setupKubernetes(someInput()), "authentication-config.yaml"));
  const [entry] = org.jwt;
  assertEquals(entry.issuer.audiences, ["kubernetes"]);
  assertEquals(entry.claimValidationRules[0].expression, "claims.org == 'acme'");
  assertEquals(entry.claimMappings.username.expression, "'signet:' + claims.sub");
  assertMatch(JSON.stringify(entry.userValidationRules), /system:/);
  const one = setupKubernetes(someInput({ subject: "it's" }), { admit: "workload" });
  const rules = parseYaml(artifact(one, "authentication-config.yaml")).jwt[0].claimValidationRules;
  assertEquals(rules[0].expression, "claims.sub == 'it\\'s'");
});

Deno.test("setupKubernetes refuses names that the API server would refuse", () => {
  const wrong: Loose[] = [
    { prefix: "system" },
    { prefix: "system:" },
    { prefix: "x'y" },
    { namespace: "Upper" },
    { role: { kind: "Role", name: "r" }, clusterWide: true },
    { role: { kind: "Pod", name: "r" } },
    { role: { kind: "ClusterRole", name: "-r" } },
    { server: "http://k.test" },
    { command: [] },
    { command: ["a\nb"] },
    { discoveryUrl: "https://id.acme.test/tenant" },
    { clusterCa: "nope" },
  ];
  for (const options of wrong) {
    assertThrows(
      () => setupKubernetes(someInput(), options),
      Error,
      "Cannot plan the kubernetes",
    );
  }
});

Deno.test("setup notes that no cloud reaches a loopback issuer", () => {
  const input = someInput({ issuer: "http://localhost:8000" });
  const plan = setupGcp(input, PROJECT);
  assertMatch(plan.notes.join("\n"), /cannot reach it/);
  assertMatch(plan.notes.join("\n"), /option jwks/);
  assertMatch(setupAws(input, ACCOUNT).cli, /oidc-provider\/localhost:8000/);
});

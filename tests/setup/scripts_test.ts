import { assert, assertEquals, assertMatch } from "@std/assert";
import { setupAws, setupAzure, setupGcp, setupKubernetes, setupVault } from "../../setup/mod.ts";
import { PLANNERS, someInput, UUID } from "./_support/inputs.ts";
import { AWS, AZ, GCLOUD, VAULT } from "./_support/vendor_clis.ts";
import { bashAccepts, callsOf, createStage, option } from "./_support/run_script.ts";

const AUDIENCE = "https://api.acme.test/x,y";

Deno.test("setup scripts are accepted by bash for every vendor and option", async () => {
  for (const [name, planner] of Object.entries(PLANNERS)) {
    assert(await bashAccepts(planner(someInput()).cli), name);
  }
});

Deno.test("setup scripts have comments of 80 columns, unless one word is longer", () => {
  const input = someInput({ audience: `https://${"a".repeat(60)}.test/some/path` });
  for (const [name, planner] of Object.entries(PLANNERS)) {
    const comments = planner(input).cli.split("\n").filter((line) => line.startsWith("#"));
    assert(comments.length > 3, name);
    for (const line of comments) {
      const words = line.split(" ").filter((word) => !["#", "-", ""].includes(word));
      assert(line.length <= 80 || words.length === 1, line);
    }
  }
});

Deno.test("setupAws script creates on the first run and updates on the second", async () => {
  const plan = setupAws(someInput({ audience: AUDIENCE }), {
    accountId: "123456789012",
    roleName: "web+prod=1,@x",
    policyArns: ["arn:aws:iam::aws:policy/A", "arn:aws:iam::123456789012:policy/path/B"],
  });
  await using stage = await createStage({ aws: AWS });
  const first = await stage.run(plan.cli);
  assertEquals(first.code, 0, first.stderr);
  const provider = JSON.parse(
    option(callsOf(first, "iam create-open-id-connect-provider")[0], "--cli-input-json") ?? "",
  );
  assertEquals(provider, { Url: "https://id.acme.test/tenant", ClientIDList: [AUDIENCE] });
  const role = callsOf(first, "iam create-role")[0];
  assertEquals(option(role, "--role-name"), "web+prod=1,@x");
  const trust = plan.artifacts.find((artifact) => artifact.name === "trust-policy.json");
  assertEquals(
    JSON.parse(option(role, "--assume-role-policy-document") ?? ""),
    JSON.parse(trust?.contents ?? ""),
  );
  assertEquals(
    callsOf(first, "iam attach-role-policy").map((call) => option(call, "--policy-arn")),
    ["arn:aws:iam::aws:policy/A", "arn:aws:iam::123456789012:policy/path/B"],
  );

  const second = await stage.run(plan.cli);
  assertEquals(second.code, 0, second.stderr);
  assertEquals(callsOf(second, "iam create-role").length, 0);
  assertEquals(callsOf(second, "iam create-open-id-connect-provider").length, 0);
  assertEquals(callsOf(second, "iam update-assume-role-policy").length, 1);
  const client = callsOf(second, "iam add-client-id-to-open-id-connect-provider")[0];
  assertEquals(JSON.parse(option(client, "--cli-input-json") ?? "").ClientID, AUDIENCE);
  assertMatch(second.stdout, /until now:\n\{"old":true\}/);
});

Deno.test("setupAws script stops in the wrong account and at an error that is not an absence", async () => {
  const other = setupAws(someInput(), { accountId: "210987654321" });
  await using stage = await createStage({ aws: AWS });
  const run = await stage.run(other.cli);
  assertEquals([run.code, run.calls.length], [1, 1]);
  assertMatch(run.stderr, /logged in to account 123456789012/);

  const denied = AWS.replace(`has provider || fail "$missing" 254`, "fail AccessDenied 254");
  await using strict = await createStage({ aws: denied });
  const plan = setupAws(someInput(), { accountId: "123456789012" });
  const refused = await strict.run(plan.cli);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /AccessDenied/);
  assertEquals(callsOf(refused, "iam create-open-id-connect-provider").length, 0);
});

Deno.test("setupGcp script creates, then updates, and brings a deleted pool back", async () => {
  const plan = setupGcp(someInput({ audience: "acme" }), {
    projectId: "acme-prod",
    projectNumber: "123456789",
    serviceAccount: "web-app@acme-prod.iam.gserviceaccount.com",
    roles: ["roles/storage.objectViewer"],
    admit: "workload",
    jwks: {
      keys: [{ kty: "RSA", kid: "k1", n: "AQAB", e: "AQAB", x5c: ["no"], key_ops: ["verify"] }],
    },
  });
  await using stage = await createStage({ gcloud: GCLOUD });
  const first = await stage.run(plan.cli);
  assertEquals(first.code, 0, first.stderr);
  const created = callsOf(first, "iam workload-identity-pools providers create-oidc")[0];
  assertEquals(option(created, "--issuer-uri"), "https://id.acme.test/tenant");
  assertEquals(
    option(created, "--attribute-condition"),
    "assertion.sub == 'deployment:acme/web/production'",
  );
  assertEquals(option(created, "--allowed-audiences"), "acme");
  const binding = callsOf(first, "iam service-accounts add-iam-policy-binding")[0];
  assertEquals(
    option(binding, "--member"),
    "principal://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/signet/subject/deployment:acme/web/production",
  );
  assertEquals(
    option(callsOf(first, "projects add-iam-policy-binding")[0], "--member"),
    "serviceAccount:web-app@acme-prod.iam.gserviceaccount.com",
  );
  const uploaded = option(created, "--jwk-json-path") ?? "";
  assert(uploaded !== "");

  const second = await stage.run(plan.cli);
  assertEquals(second.code, 0, second.stderr);
  assertEquals(callsOf(second, "iam workload-identity-pools create").length, 0);
  assertEquals(callsOf(second, "iam workload-identity-pools providers create-oidc").length, 0);
  assertEquals(callsOf(second, "iam workload-identity-pools providers update-oidc").length, 1);
  assertEquals(callsOf(second, "iam service-accounts create").length, 0);

  await using trash = await createStage({
    gcloud: GCLOUD.replace("has pool ||", "put pool DELETED; has pool ||"),
  });
  const third = await trash.run(plan.cli);
  assertEquals(third.code, 0, third.stderr);
  assertEquals(callsOf(third, "iam workload-identity-pools undelete").length, 1);
});

Deno.test("setupGcp script leaves a provider of another issuer alone", async () => {
  const options = { projectId: "acme-prod", projectNumber: "123456789" };
  await using stage = await createStage({ gcloud: GCLOUD });
  await stage.run(setupGcp(someInput(), options).cli);
  const other = setupGcp(someInput({ issuer: "https://other.test" }), options);
  const run = await stage.run(other.cli);
  assertEquals(run.code, 1);
  assertMatch(run.stderr, /trusts https:\/\/id\.acme\.test\/tenant/);
  assertEquals(callsOf(run, "iam workload-identity-pools providers update-oidc").length, 0);
});

Deno.test("setupAzure script for an application creates on the first run and updates on the second", async () => {
  const plan = PLANNERS["azure app"]!(someInput({ subject: "Deployment:It's $HOME" }));
  await using stage = await createStage({ az: AZ });
  const first = await stage.run(plan.cli);
  assertEquals(first.code, 0, first.stderr);
  const created = callsOf(first, "ad app federated-credential create")[0];
  assertEquals(option(created, "--id"), "app-1");
  assertEquals(JSON.parse(option(created, "--parameters") ?? "").subject, "Deployment:It's $HOME");
  assertEquals(option(callsOf(first, "ad app create")[0], "--display-name"), "Acme web (prod)");
  assertEquals(
    option(callsOf(first, "ad app list")[0], "--filter"),
    "displayName eq 'Acme web (prod)'",
  );
  assertEquals(
    option(callsOf(first, "role assignment create")[0], "--role"),
    "Storage Blob Data Reader",
  );

  const second = await stage.run(plan.cli);
  assertEquals(second.code, 0, second.stderr);
  assertEquals(second.calls.filter((call) => call.args.includes("create")), []);
  assertEquals(callsOf(second, "ad app federated-credential update").length, 1);
  assertMatch(second.stdout, /Client id: app-1/);
});

Deno.test("setupAzure script stops when several applications have the name", async () => {
  const plan = PLANNERS["azure app"]!(someInput());
  const two = AZ.replace("if has app; then get app; fi", "printf 'a\\nb\\n'");
  await using stage = await createStage({ az: two });
  const run = await stage.run(plan.cli);
  assertEquals(run.code, 1);
  assertMatch(run.stderr, /several applications/);
});

Deno.test("setupAzure script for a managed identity creates on the first run and updates on the second", async () => {
  const plan = setupAzure(someInput(), {
    tenantId: UUID,
    subscriptionId: UUID,
    target: { kind: "managed-identity", name: "web-id", resourceGroup: "rg-1" },
    roles: [{ role: "Reader", scope: `/subscriptions/${UUID}` }],
  });
  await using stage = await createStage({ az: AZ });
  const first = await stage.run(plan.cli);
  assertEquals(first.code, 0, first.stderr);
  const created = callsOf(first, "identity federated-credential create")[0];
  assertEquals(option(created, "--subject"), "deployment:acme/web/production");
  assertEquals(option(created, "--issuer"), "https://id.acme.test/tenant");
  assertEquals(option(created, "--audiences"), "api://AzureADTokenExchange");
  const second = await stage.run(plan.cli);
  assertEquals(second.code, 0, second.stderr);
  assertEquals(second.calls.filter((call) => call.args.includes("create")), []);
  assertEquals(callsOf(second, "identity federated-credential update").length, 1);
});

Deno.test("setupVault script writes the same documents on every run and guards another issuer's mount", async () => {
  const plan = setupVault(someInput(), { readPaths: ["secret/data/web/*"] });
  await using stage = await createStage({ vault: VAULT });
  for (const round of [1, 2]) {
    const run = await stage.run(plan.cli);
    assertEquals(run.code, 0, `${round}: ${run.stderr}`);
    const role = callsOf(run, "write auth/jwt/role/web-production")[0];
    assertEquals(JSON.parse(role?.stdin ?? "").bound_subject, "deployment:acme/web/production");
    assertMatch(callsOf(run, "policy write web-production")[0]?.stdin ?? "", /secret\/data\/web/);
  }
  const other = await stage.run(setupVault(someInput({ issuer: "https://other.test" })).cli);
  assertEquals(other.code, 1);
  assertMatch(other.stderr, /auth\/jwt trusts https:\/\/id\.acme\.test\/tenant/);
});

Deno.test("setupVault script stops when the auth method cannot be enabled", async () => {
  await using stage = await createStage({ bao: `fail "permission denied" 2` });
  const run = await stage.run(setupVault(someInput(), { program: "bao" }).cli);
  assertEquals([run.code, run.calls.length], [1, 1]);
  assertMatch(run.stderr, /permission denied/);
});

Deno.test("setupKubernetes script applies the role binding", async () => {
  const plan = setupKubernetes(someInput());
  await using stage = await createStage({ kubectl: "" });
  const run = await stage.run(plan.cli);
  assertEquals(run.code, 0, run.stderr);
  const rbac = plan.artifacts.find((artifact) => artifact.name === "rbac.yaml");
  assertEquals(run.calls[0]?.args, ["apply", "-f", "-"]);
  assertEquals(run.calls[0]?.stdin, rbac?.contents.trimEnd());
});

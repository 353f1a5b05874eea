import { azureCommands } from "./azure_commands.ts";
import { azureTerraform } from "./azure_terraform.ts";
import type { AzurePlanParts, AzureSetupOptions } from "./azure_types.ts";
import { azureLine } from "./code_line.ts";
import { Faults } from "./faults.ts";
import { json, script } from "./script.ts";
import { refusePerDeployment, resolveInput } from "./subject.ts";
import type { SetupInput, SetupPlan } from "./types.ts";

export type { AzureSetupOptions, AzureTarget } from "./azure_types.ts";

/** Audience per cloud; Entra's own recommendation. */
const AUDIENCES: Readonly<Record<string, string>> = {
  public: "api://AzureADTokenExchange",
  china: "api://AzureADTokenExchangeChina",
  usgov: "api://AzureADTokenExchangeUSGov",
  france: "api://AzureADTokenExchangeFrance",
  germany: "api://AzureADTokenExchangeGermany",
  "singapore-gov": "api://AzureADTokenExchangeGovSG",
};

const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const UUID_RULE = { pattern: UUID, expected: "a UUID" };
const SCOPE =
  /^\/(?:subscriptions|providers\/Microsoft\.Management\/managementGroups)\/[A-Za-z0-9._()/-]{1,500}$/;

/** Plan the trust of an Entra application or managed identity in one workload. */
export function setupAzure(input: SetupInput, options: AzureSetupOptions): SetupPlan {
  const faults = new Faults();
  const cloud = options.cloud ?? "public";
  const audience = AUDIENCES[cloud] ?? "api://AzureADTokenExchange";
  const base = resolveInput(input, { vendor: "azure", audience, faults });
  refusePerDeployment(
    input,
    faults,
    "Entra compares the subject exactly and takes no wildcard: leave it out",
  );
  const name = options.credentialName ?? `signet-${input.workload?.app}-${input.workload?.context}`;
  checkOptions(options, name, faults);
  // `az` reads an argument that starts with @ from a file.
  faults.check(!String(base.subject).startsWith("@"), "subject", "must not start with @");
  faults.check(!String(base.audience).startsWith("@"), "audience", "must not start with @");
  faults.done("azure");
  const credential = {
    name,
    issuer: base.issuer,
    subject: base.subject,
    audiences: [base.audience],
    description: "Signet workload identity",
  };
  const plan: AzurePlanParts = { base, name, credential, options };
  const summary = summarize(plan);
  const { variables, body } = azureCommands(plan);
  return {
    vendor: "azure",
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
    summary,
    cli: script({
      title: "Let one Signet workload log in to Microsoft Entra.",
      plan: summary,
      variables,
      body,
    }),
    terraform: azureTerraform(plan),
    artifacts: [{ name: "federated-credential.json", contents: json(credential) }],
    notes: [...base.issuerNotes, ...azureNotes(plan)],
    environment: {
      SIGNET_ISSUER: base.issuer,
      SIGNET_AZURE_TENANT_ID: options.tenantId,
      SIGNET_AZURE_CLIENT_ID: clientId(options),
    },
    code: azureLine({
      cloud: cloud === "public" ? undefined : cloud,
      audience: base.audience === audience ? undefined : base.audience,
    }),
  };
}

function clientId({ target }: AzureSetupOptions): string {
  const known = target.kind === "app" ? target.appId : undefined;
  return known ?? "<client id that the script prints>";
}

function checkOptions(options: AzureSetupOptions, name: string, faults: Faults): void {
  faults.text(options.tenantId, "options.tenantId", UUID_RULE);
  faults.text(options.subscriptionId, "options.subscriptionId", UUID_RULE);
  faults.text(name, "options.credentialName", {
    pattern: /^[A-Za-z0-9_-]{3,120}$/,
    expected: "3 to 120 letters, digits, hyphens and underscores",
  });
  faults.check((options.cloud ?? "public") in AUDIENCES, "options.cloud", "is not a known cloud");
  (options.roles ?? []).forEach(({ role, scope }, index) => {
    faults.text(role, `options.roles[${index}].role`, {
      pattern: /^[A-Za-z0-9][A-Za-z0-9 ()_./-]{0,127}$/,
      expected: "the name of an Azure role",
    });
    faults.text(scope, `options.roles[${index}].scope`, {
      pattern: SCOPE,
      expected: "a scope such as /subscriptions/{id}",
      max: 600,
    });
  });
  checkTarget(options, faults);
}

function checkTarget({ target }: AzureSetupOptions, faults: Faults): void {
  if (target?.kind === "app") {
    faults.check(
      (target.appId === undefined) !== (target.displayName === undefined),
      "options.target",
      "must have either displayName (create or find) or appId (existing)",
    );
    faults.optional(target.appId, "options.target.appId", UUID_RULE);
    faults.optional(target.displayName, "options.target.displayName", {
      pattern: /^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}$/,
      expected: "at most 120 letters, digits, spaces and ._()-",
    });
    return;
  }
  faults.check(
    target?.kind === "managed-identity",
    "options.target",
    "must be of kind app or managed-identity",
  );
  if (target?.kind !== "managed-identity") return;
  faults.text(target.name, "options.target.name", {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$/,
    expected: "3 to 128 letters, digits, hyphens and underscores",
  });
  faults.text(target.resourceGroup, "options.target.resourceGroup", {
    pattern: /^[A-Za-z0-9_(][A-Za-z0-9._()-]{0,88}[A-Za-z0-9_()-]$/,
    expected: "the name of a resource group",
  });
}

function summarize({ base, name, options }: AzurePlanParts): string[] {
  const { target } = options;
  const owner = target.kind === "managed-identity"
    ? `user-assigned managed identity ${target.name} in ${target.resourceGroup}`
    : `application ${target.appId ?? target.displayName} and its service principal`;
  return [
    owner,
    `its federated credential ${name} admits only tokens of ${base.issuer} with the subject ${base.subject} and the audience ${base.audience}`,
    ...(options.roles ?? []).map(({ role, scope }) => `role ${role} on ${scope}`),
  ];
}

function azureNotes({ base, options }: AzurePlanParts): string[] {
  return [
    "Entra compares issuer, subject and audience byte for byte, letter case included, without wildcards.",
    "Entra takes RS256 only: Signet mints RS256 for this audience, ES256 is refused with AADSTS5002738.",
    "An application or managed identity takes 20 federated credentials; each pair of issuer and subject once.",
    "A new credential takes up to 2 min; until then Entra answers AADSTS70021 or AADSTS700211.",
    ...(base.audience.startsWith("api://AzureADTokenExchange") ? [] : [
      "Microsoft recommends api://AzureADTokenExchange as the audience; SDKs other than Signet's may ask for it.",
    ]),
    ...(options.target.kind === "managed-identity"
      ? [
        "Federated credentials of one managed identity must be made one after another: Azure answers 409 to concurrent writes.",
      ]
      : []),
    ...(options.roles?.length
      ? []
      : ["The identity has no roles yet: without one every call answers 403 AuthorizationFailed."]),
  ];
}

import { gcpLine } from "./code_line.ts";
import { Faults } from "./faults.ts";
import { gcpCommands } from "./gcp_commands.ts";
import { externalAccount } from "./gcp_external_account.ts";
import { uploadableJwks } from "./gcp_jwks.ts";
import { type GcpNames, gcpNames } from "./gcp_names.ts";
import type { GcpPlanParts, GcpSetupOptions } from "./gcp_types.ts";
import { gcpTerraform } from "./gcp_terraform.ts";
import { celString } from "./quote.ts";
import { json, script } from "./script.ts";
import { refusePerDeployment, resolveInput } from "./subject.ts";
import type { SetupInput, SetupPlan } from "./types.ts";

export type { GcpSetupOptions } from "./gcp_types.ts";

const ID = /^(?!gcp-)[a-z0-9-]{4,32}$/;
const ID_EXPECTED = "4 to 32 of a-z, 0-9 and -, not starting with gcp-";
const EMAIL =
  /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$/;
const ROLE =
  /^(?:roles|projects\/[a-z][a-z0-9-]{4,28}[a-z0-9]\/roles|organizations\/\d+\/roles)\/[A-Za-z0-9_.]{1,100}$/;

/** Plan the trust of a Google Cloud project in one workload: pool, provider, IAM bindings. */
export function setupGcp(input: SetupInput, options: GcpSetupOptions): SetupPlan {
  const faults = new Faults();
  const names = gcpNames(options);
  const base = resolveInput(input, { vendor: "gcp", audience: names.audience, faults });
  checkSubject(base.subject, faults);
  refusePerDeployment(
    input,
    faults,
    "tokens for Google Cloud carry the exact subject: leave it out",
  );
  checkOptions(options, names, faults);
  faults.check(!String(base.audience).includes(","), "audience", "must not hold a comma");
  const jwks = uploadableJwks(options.jwks, faults);
  faults.done("gcp");
  const member = `principal://iam.googleapis.com/${names.poolResource}/subject/${base.subject}`;
  const condition = options.admit === "workload"
    ? `assertion.sub == ${celString(base.subject)}`
    : `assertion.org == ${celString(input.workload.org)}`;
  const plan = { base, names, member, condition, jwks, options };
  const summary = summarize(plan);
  const { variables, body } = gcpCommands(plan);
  return {
    vendor: "gcp",
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
    summary,
    cli: script({
      title: "Let one Signet workload into a Google Cloud project.",
      plan: summary,
      variables,
      body,
    }),
    terraform: gcpTerraform(plan),
    artifacts: [
      { name: "google-credentials-url.json", contents: json(externalAccount(plan, "url")) },
      { name: "google-credentials-file.json", contents: json(externalAccount(plan, "file")) },
      ...(jwks ? [{ name: "jwks.json", contents: json(jwks) }] : []),
    ],
    notes: [...base.issuerNotes, ...gcpNotes(plan)],
    environment: {
      SIGNET_ISSUER: base.issuer,
      SIGNET_GCP_WORKLOAD_PROVIDER: names.providerResource,
      ...(options.serviceAccount ? { SIGNET_GCP_SERVICE_ACCOUNT: options.serviceAccount } : {}),
    },
    code: gcpLine({
      idTokenAudience: base.audience === names.audience ? undefined : base.audience,
    }),
  };
}

function checkSubject(subject: string, faults: Faults): void {
  const bytes = new TextEncoder().encode(subject).length;
  faults.check(
    bytes <= 127,
    "subject",
    `has ${bytes} bytes, google.subject takes at most 127: shorten the names or pass a subject`,
  );
  faults.check(
    /^[A-Za-z0-9:/._@+=,~-]*$/.test(subject),
    "subject",
    "must be of letters, digits and :/._@+=,~- because it stands in an IAM principal",
  );
}

function checkOptions(options: GcpSetupOptions, names: GcpNames, faults: Faults): void {
  faults.text(options.projectId, "options.projectId", {
    pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    expected: "a project id: 6 to 30 of a-z, 0-9 and -",
  });
  faults.text(options.projectNumber, "options.projectNumber", {
    pattern: /^[1-9]\d{0,18}$/,
    expected: "the project NUMBER (gcloud projects describe ID --format='value(projectNumber)')",
  });
  faults.text(names.pool, "options.pool", { pattern: ID, expected: ID_EXPECTED });
  faults.text(names.provider, "options.provider", { pattern: ID, expected: ID_EXPECTED });
  faults.optional(options.serviceAccount, "options.serviceAccount", {
    pattern: EMAIL,
    expected: "a service account: NAME@PROJECT.iam.gserviceaccount.com",
  });
  faults.list(options.roles, "options.roles", { pattern: ROLE, expected: "roles/NAME" });
  faults.optional(options.admit, "options.admit", {
    pattern: /^(?:organization|workload)$/,
    expected: "organization or workload",
  });
}

function summarize({ base, names, member, condition, options }: GcpPlanParts): string[] {
  const account = options.serviceAccount;
  const holder = account ? `service account ${account}` : "the workload itself";
  return [
    `workload identity pool ${names.poolResource}`,
    `its provider ${names.provider} trusts ${base.issuer} for the audience ${base.audience}, under the condition ${condition}`,
    ...(account
      ? [`service account ${account}, which only ${member} may impersonate through this plan`]
      : []),
    ...(options.roles ?? []).map((role) => `${role} on ${options.projectId} for ${holder}`),
  ];
}

function gcpNotes({ base, names, options, jwks }: GcpPlanParts): string[] {
  return [
    options.serviceAccount
      ? "Impersonation gives 1 h access tokens whatever the lifetime of the JWT."
      : "Direct access: Google's token lives as long as the JWT, so Signet mints 3,600 s tokens for this audience. Some Google APIs refuse federated tokens: use a service account there.",
    options.admit === "workload"
      ? "The provider admits this one subject: a second workload needs its own provider."
      : "The provider admits the organization, the IAM binding admits the one subject: other workloads of the organization get a token of the pool but no permission.",
    base.audience === names.audience
      ? "The audience is the provider's own resource name, so the token is of no use anywhere else."
      : `Only ${base.audience} is accepted as audience once it is set; the provider's own name is refused then.`,
    "google-auth-library takes subjectTokenSupplier() of the same module instead, or one of the credential files.",
    "A new provider takes up to 5 min, a new binding about 70 s.",
    "google-credentials-url.json holds a place for a request token: that makes it a secret. google-credentials-file.json holds none and reads the file that `signet agent` keeps fresh.",
    ...(jwks ? ["The key set is uploaded: upload it again before every rotation ends."] : []),
    ...(options.serviceAccount || options.roles?.length
      ? []
      : [`The workload has no permissions yet: grant roles to its principal.`]),
  ];
}

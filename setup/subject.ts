import type { Faults } from "./faults.ts";
import { issuerFitness } from "./issuer_fitness.ts";
import type { SetupInput, SetupVendor } from "./types.ts";

const NAME = /^[a-z0-9](?:-?[a-z0-9])*$/;
const NAME_EXPECTED = "lower-case letters and digits joined by single hyphens";

/** The input with its defaults filled in. */
export interface Resolved {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  readonly perDeployment: boolean;
  readonly reuseIssuerEntry: boolean;
  /** Notes about the issuer URL. */
  readonly issuerNotes: readonly string[];
}

/** Check what all vendors have in common and fill in the defaults. */
export function resolveInput(
  input: SetupInput,
  options: { readonly vendor: SetupVendor; readonly audience: string; readonly faults: Faults },
): Resolved {
  const { vendor, faults } = options;
  const fitness = issuerFitness(input.issuer, vendor);
  fitness.refusals.forEach((problem) => faults.check(false, "issuer", problem));
  const { org, app, context } = input.workload ?? {};
  const rule = { pattern: NAME, expected: NAME_EXPECTED, max: 63 };
  faults.text(org, "workload.org", rule);
  faults.text(app, "workload.app", rule);
  faults.text(context, "workload.context", rule);
  const subject = input.subject ?? `deployment:${org}/${app}/${context}`;
  checkSubject(subject, faults);
  const audience = input.audience ?? options.audience;
  faults.text(audience, "audience", { max: vendor === "azure" ? 600 : 255 });
  faults.check(!String(audience).includes("*"), "audience", "must be one audience, without *");
  return {
    issuer: input.issuer,
    subject,
    audience,
    perDeployment: input.perDeployment === true,
    reuseIssuerEntry: input.reuseIssuerEntry === true,
    issuerNotes: fitness.notes,
  };
}

/** Refuse the suffix form where the vendor compares subjects exactly. */
export function refusePerDeployment(input: SetupInput, faults: Faults, reason: string): void {
  faults.check(input.perDeployment !== true, "perDeployment", reason);
}

function checkSubject(subject: string, faults: Faults): void {
  faults.text(subject, "subject", { max: 255 });
  faults.check(
    !/[*?]/.test(subject),
    "subject",
    "must be one subject: * and ? are wildcards in some vendors and plain text in others; " +
      "use perDeployment for the deployments of one workload",
  );
}

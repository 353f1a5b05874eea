import type { SetupVendor } from "../setup/types.ts";
import { awsChecks } from "./aws.ts";
import { azureChecks } from "./azure.ts";
import type { Check } from "./check.ts";
import { gcpChecks } from "./gcp.ts";
import { issuerChecks } from "./issuer_checks.ts";
import { kubernetesChecks } from "./kubernetes.ts";
import { observeIssuer, type ObserveOptions } from "./observe_issuer.ts";
import { vaultChecks } from "./vault.ts";
import type { DoctorProbe, VendorChecks } from "./vendor_context.ts";

/** What to examine. */
export interface DoctorOptions extends ObserveOptions {
  /** Issuer URL. */
  readonly issuer: string;
  /** Audiences to examine, with what may be used to try each. Default none: the issuer only. */
  readonly vendors?: Readonly<Partial<Record<SetupVendor, DoctorProbe>>>;
}

/** What the doctor found. */
export interface DoctorReport {
  /** In the order issuer, then the audiences as they were asked for. */
  readonly checks: readonly Check[];
  /** True when no check failed. */
  readonly healthy: boolean;
}

const CHECKS: Readonly<Record<SetupVendor, VendorChecks>> = {
  aws: awsChecks,
  gcp: gcpChecks,
  azure: azureChecks,
  vault: vaultChecks,
  kubernetes: kubernetesChecks,
};

/** Look at an issuer once, then judge it as each relying party would. Never throws for what it finds. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const observation = await observeIssuer(options.issuer, options);
  const checks = issuerChecks(observation);
  for (const [vendor, probe] of Object.entries(options.vendors ?? {})) {
    const now = (options.now ?? Date.now)();
    const judge = CHECKS[vendor as SetupVendor];
    checks.push(...await judge({ vendor: vendor as SetupVendor, observation, probe, now }));
  }
  return { checks, healthy: checks.every(({ status }) => status !== "fail") };
}

/**
 * What goes into and comes out of the setup generators: pure data, no input or output.
 *
 * @module
 */

/** The relying parties that a plan can be made for. */
export type SetupVendor = "aws" | "gcp" | "azure" | "vault" | "kubernetes";

/** Names of the workload; each matches `^[a-z0-9](-?[a-z0-9])*$` and has at most 63 characters. */
export interface SetupWorkload {
  /** Organization, claim `org`. */
  readonly org: string;
  /** Application, claim `app`. */
  readonly app: string;
  /** Context such as `production`, claim `context`. */
  readonly context: string;
}

/** Input that is common to all vendors. */
export interface SetupInput {
  /** Issuer URL, exactly as it stands in `iss`: https, lower-case host, no trailing slash. */
  readonly issuer: string;
  /** The workload that gets access. */
  readonly workload: SetupWorkload;
  /** Claim `sub`, printable ASCII, at most 255 characters. Default `deployment:{org}/{app}/{context}`. */
  readonly subject?: string;
  /** Claim `aud`. Default: what the vendor's documents recommend. */
  readonly audience?: string;
  /**
   * Admit also the subjects that end in `/{deployment}`. Default false: one exact subject.
   * Refused for Google Cloud and Azure, whose tokens always carry the exact subject.
   */
  readonly perDeployment?: boolean;
  /**
   * Terraform only: the entry that names the issuer is shared by several workloads and managed
   * elsewhere, so look it up instead of creating it. Default false.
   */
  readonly reuseIssuerEntry?: boolean;
}

/** A file that belongs to the plan. */
export interface SetupArtifact {
  /** File name without a folder. */
  readonly name: string;
  /** Text of the file, ending in a newline. */
  readonly contents: string;
}

/** Everything needed to make one vendor trust one workload. Nothing has been run. */
export interface SetupPlan {
  /** The relying party. */
  readonly vendor: SetupVendor;
  /** The issuer URL that will be trusted. */
  readonly issuer: string;
  /** The subject that will be admitted. */
  readonly subject: string;
  /** The audience that the program has to ask for. */
  readonly audience: string;
  /** What will exist afterwards, one sentence each. */
  readonly summary: readonly string[];
  /** Bash script of vendor commands; a second run changes nothing. */
  readonly cli: string;
  /** The same in Terraform (HCL). */
  readonly terraform: string;
  /** JSON, YAML and HCL documents of the plan. */
  readonly artifacts: readonly SetupArtifact[];
  /** What to know: limits, waiting times, reasons. */
  readonly notes: readonly string[];
  /** Environment of the program; values in angle brackets are to be filled in. */
  readonly environment: Readonly<Record<string, string>>;
  /** The one line to use in the program. */
  readonly code: string;
}

/** Reasons for a refusal. */
export type SetupErrorCode = "invalid_input" | "issuer_unfit";

/** One refused value. */
export interface SetupFault {
  /** Name of the option, for example `issuer` or `options.accountId`. */
  readonly field: string;
  /** What is wrong and what would be right. */
  readonly problem: string;
}

/** Thrown when a plan cannot be made; holds every fault at once. */
export class SetupError extends Error {
  /** `issuer_unfit` when only the issuer URL is at fault, `invalid_input` otherwise. */
  readonly code: SetupErrorCode;
  /** All faults, in the order of the options. */
  readonly faults: readonly SetupFault[];

  /** Build the error from its faults. */
  constructor(vendor: SetupVendor, faults: readonly SetupFault[]) {
    const lines = faults.map((fault) => `${fault.field}: ${fault.problem}`);
    super(`Cannot plan the ${vendor} setup: ${lines.join("; ")}`);
    this.name = "SetupError";
    this.code = faults.every((fault) => fault.field === "issuer")
      ? "issuer_unfit"
      : "invalid_input";
    this.faults = faults;
  }
}

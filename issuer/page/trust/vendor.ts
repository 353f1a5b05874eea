import type { SetupInput, SetupPlan, SetupVendor } from "../../../setup/types.ts";

/** One field of a form. */
export interface TrustField {
  /** Name in the query. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** A value as it would be typed; shown as the placeholder. */
  readonly example?: string;
  readonly required?: boolean;
  /** Makes it a choice; the first is the default. */
  readonly choices?: readonly (readonly [value: string, text: string])[];
  /** Makes it a box to tick. */
  readonly check?: boolean;
  /** Names a fault by the generators can have for it. */
  readonly faults: readonly string[];
}

/** What was typed: trimmed, undefined where nothing was. */
export type TrustValues = (name: string) => string | undefined;

/** One relying party of the "Trust this issuer" page. */
export interface TrustVendor {
  readonly id: SetupVendor;
  readonly title: string;
  /** Whether it can admit the deployments of a workload. */
  readonly perDeployment: boolean;
  readonly fields: readonly TrustField[];
  /** @throws {SetupError} with every fault. */
  readonly plan: (input: SetupInput, values: TrustValues) => SetupPlan;
}

/** The members of a list typed with commas or blanks; undefined without any. */
export function listOf(value: string | undefined): string[] | undefined {
  return value?.split(/[\s,]+/).filter((part) => part !== "");
}

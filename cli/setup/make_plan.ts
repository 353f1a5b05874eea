import { SetupError, type SetupPlan } from "../../setup/types.ts";
import { CliError } from "../errors.ts";

/** Flags by the planner's name of an option, where it is not the name in kebab case. */
export type FlagNames = Readonly<Record<string, string>>;

/** Makes a plan; every fault of the input becomes one line that names its flag. */
export function makePlan(make: () => SetupPlan, flags: FlagNames): SetupPlan {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const details = error.faults.map(({ field, problem }) => `${flagOf(field, flags)} ${problem}`);
    throw new CliError("usage", "Cannot make the plan:", {
      details: [...new Set(details)],
      next: "Nothing was written. Add --help for the options and examples.",
      cause: error,
    });
  }
}

function flagOf(field: string, flags: FlagNames): string {
  const plain = field.replace(/\[\d+\]/g, "").replace(/^(?:options|workload)\./, "");
  const kebab = plain.split(".").at(-1)!.replace(/[A-Z]/g, (char) => `-${char.toLowerCase()}`);
  return `--${flags[plain] ?? kebab}`;
}

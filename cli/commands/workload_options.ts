import { type Command, InvalidArgumentError } from "commander";
import { collect } from "../command.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { CliError } from "../errors.ts";
import { readJson } from "../read_json.ts";

/** Options that describe a workload. */
export interface WorkloadOptions {
  readonly audience?: readonly string[];
  readonly claim?: readonly string[];
  readonly maxTtl?: number;
  readonly trust?: string;
  readonly file?: string;
}

/** Adds the options that `add` and `update` share. */
export function withWorkloadOptions(command: Command): Command {
  return command
    .option("--audience <pattern>", "an audience it may ask for (repeat for more)", collect)
    .option("--claim <name=value>", "a claim for its tokens (repeat for more)", collectClaim)
    .option("--max-ttl <duration>", "longest lifetime of its tokens, such as 15m", parseDuration)
    .option("--trust <file>", "trust rules, a JSON array (- reads stdin)")
    .option("--file <file>", "the workload as JSON (- reads stdin); options win over it");
}

function collectClaim(value: string, before: readonly string[] | undefined): string[] {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError("Write it as name=value.");
  return collect(value, before);
}

/** The members of a workload that the options give, and no others. */
export async function readWorkload(
  context: CliContext,
  options: WorkloadOptions,
): Promise<Record<string, unknown>> {
  const file = options.file === undefined ? {} : await readJson(context, options.file);
  if (typeof file !== "object" || file === null || Array.isArray(file)) {
    throw new CliError("usage", `Cannot use ${options.file}: it does not hold a JSON object`);
  }
  const claims = options.claim?.map((text) => splitClaim(text));
  return {
    ...file,
    ...(options.audience && { audiences: options.audience }),
    ...(claims && { claims: Object.fromEntries(claims) }),
    ...(options.maxTtl !== undefined && { maxTtlSeconds: options.maxTtl }),
    ...(options.trust !== undefined && { trust: await readJson(context, options.trust) }),
  };
}

function splitClaim(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

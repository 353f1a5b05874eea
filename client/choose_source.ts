import { detectSource, openSource } from "./detect_source.ts";
import { hostRuntime } from "./runtime.ts";
import type {
  SourceName,
  SourceRuntime,
  SourceSetup,
  TokenFunction,
  TokenSource,
} from "./source.ts";
import { functionSource } from "./sources/function.ts";

/** What a source is chosen from. */
export interface SourceChoice extends Omit<SourceSetup, "runtime"> {
  /** Option `source`. */
  readonly source?: SourceName | TokenFunction;
  /** Option `runtime`. */
  readonly runtime?: Partial<SourceRuntime>;
}

/** The source by option, by `SIGNET_SOURCE`, or by detection; behind the issuer where one is configured. */
export async function chooseSource(choice: SourceChoice): Promise<TokenSource> {
  const env = (name: string) => choice.env(name) || undefined;
  const setup = { ...choice, env, runtime: { ...hostRuntime(), ...choice.runtime } };
  const source = await platformSource(choice.source ?? env("SIGNET_SOURCE"), setup);
  if (setup.issuer === undefined || source.issuer !== undefined) return source;
  const { exchanged } = await import("./sources/exchanged.ts");
  return exchanged(source, setup);
}

function platformSource(
  source: string | TokenFunction | undefined,
  setup: SourceSetup,
): TokenSource | Promise<TokenSource> {
  if (typeof source === "function") return functionSource(source);
  return source === undefined ? detectSource(setup) : openSource(source, setup);
}

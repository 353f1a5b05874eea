import { parseKeyEncryptionKeys } from "../keys/key_encryption_keys.ts";
import { type ConfigFile, parseConfigFile } from "./config_file.ts";
import type { IssuerOptions } from "./issuer_options.ts";
import { type Fault, IssuerConfigError } from "./errors.ts";
import { issuerUrlFault, issuerUrlWarning } from "./issuer_url.ts";
import { optionFaults } from "./option_faults.ts";

/** All that `issuer/main.ts` needs to start. */
export interface IssuerConfig {
  /** Where the KV is: a path, `:memory:`, a KV Connect URL; undefined: the platform's own. */
  readonly kvPath: string | undefined;
  readonly port: number;
  /** Options of `createIssuer` that come from the environment. */
  readonly options: Omit<IssuerOptions, "kv">;
  readonly warnings: readonly string[];
}

/** Where the configuration is read from. */
export interface ConfigSources {
  readonly env: (name: string) => string | undefined;
  readonly readFile: (path: string) => Uint8Array;
}

type Add = (fault: string) => void;

/**
 * Reads the environment. Every fault is reported together, by the name of its variable.
 *
 * @throws {IssuerConfigError} when anything is wrong; nothing has been started or written by then.
 */
export function readConfig({ env, readFile }: ConfigSources): IssuerConfig {
  const faults: string[] = [];
  const add: Add = (fault) => void faults.push(fault);
  const issuer = readIssuer(env, add);
  const file = readFileOf(env, { issuer, readFile, add });
  const { workloads, profiles, timings, x5c, hosts, administrators, tenants, minimumEpochs } = file;
  const options: Omit<IssuerOptions, "kv"> = {
    issuer,
    workloads,
    profiles,
    timings,
    x5c,
    hosts,
    administrators,
    tenants,
    minimumEpochs,
    adminToken: readAdminToken(env, add),
    keyEncryptionKeys: readKeyEncryptionKeys(env, add),
    rateLimit: readRateLimit(env, add),
    initialized: readSwitch(env, { name: "SIGNET_INITIALIZED", add }),
  };
  const port = readPort(env, add);
  checkTimeline(env, add);
  if (faults.length === 0) optionFaults(options).forEach(add);
  if (faults.length > 0) throw new IssuerConfigError(faults);
  const warning = issuerUrlWarning(issuer);
  const warnings = warning ? [`SIGNET_ISSUER ${warning}`] : [];
  return { kvPath: env("SIGNET_KV") || undefined, port, options, warnings };
}

function readIssuer(env: ConfigSources["env"], add: Add): string {
  const issuer = env("SIGNET_ISSUER");
  if (!issuer) {
    add("SIGNET_ISSUER is missing: set it to the public URL, like https://tokens.example.com");
    return "";
  }
  const fault = issuerUrlFault(issuer);
  if (fault) add(`SIGNET_ISSUER ${fault}`);
  return fault ? "" : issuer;
}

function readFileOf(
  env: ConfigSources["env"],
  { issuer, readFile, add }: { issuer: string; readFile: ConfigSources["readFile"]; add: Add },
): ConfigFile {
  const nothing = { workloads: [], profiles: [], timings: {}, administrators: [], tenants: {} };
  const path = env("SIGNET_CONFIG");
  if (!path) return nothing;
  let bytes: Uint8Array;
  try {
    bytes = readFile(path);
  } catch (error) {
    add(
      `SIGNET_CONFIG cannot be read at ${path}: ${error instanceof Error ? error.name : "unknown"}`,
    );
    return nothing;
  }
  const found: Fault[] = [];
  const file = parseConfigFile(bytes, {
    issuer: issuer || "https://issuer.invalid",
    faults: found,
  });
  for (const { pointer, detail } of found) {
    add(`SIGNET_CONFIG ${path}${pointer && `#${pointer}`} ${detail}`);
  }
  return file;
}

function readAdminToken(env: ConfigSources["env"], add: Add): string | undefined {
  const token = env("SIGNET_ADMIN_TOKEN") || undefined;
  if (token === undefined) return undefined;
  if (token.length < 32) add("SIGNET_ADMIN_TOKEN is too short: use at least 32 random characters");
  if (!/^[\w.~+/-]+=*$/.test(token)) {
    add(
      "SIGNET_ADMIN_TOKEN cannot be sent as a bearer token: use letters, digits and - . _ ~ + / only",
    );
  }
  return token;
}

function readKeyEncryptionKeys(env: ConfigSources["env"], add: Add): readonly Uint8Array[] {
  const text = env("SIGNET_KEY_ENCRYPTION_KEY");
  if (!text) return [];
  try {
    return parseKeyEncryptionKeys(text);
  } catch (error) {
    add(`SIGNET_KEY_ENCRYPTION_KEY: ${(error as Error).message}`);
    return [];
  }
}

/**
 * A hundred a second, a minute of it at once: far above what a thousand isolates of one workload ask
 * for, whose clients keep each token for minutes, and far below what keeps the signers busy.
 */
const defaultRateLimit = 6_000;

function readRateLimit(env: ConfigSources["env"], add: Add): number | undefined {
  const text = env("SIGNET_RATE_LIMIT");
  if (!text) return defaultRateLimit;
  if (text === "off") return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    add("SIGNET_RATE_LIMIT must be requests per minute, 1 to 9999999, or off");
  }
  return Number(text);
}

function readPort(env: ConfigSources["env"], add: Add): number {
  const text = env("PORT") || "8000";
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    add("PORT must be a number from 0 to 65535");
  }
  return Number(text);
}

function readSwitch(env: ConfigSources["env"], { name, add }: { name: string; add: Add }): boolean {
  const text = env(name) || "false";
  if (text !== "true" && text !== "false") add(`${name} must be true or false`);
  return text === "true";
}

/**
 * On Deno Deploy every timeline has a KV of its own: a preview would mint for the production
 * issuer with keys that nobody has published (security.md §0.8).
 */
function checkTimeline(env: ConfigSources["env"], add: Add): void {
  if (env("DENO_DEPLOY") !== "true") return;
  const expected = env("SIGNET_TIMELINE") || "production";
  const timeline = env("DENO_TIMELINE");
  if (timeline === expected) return;
  add(
    `SIGNET_ISSUER belongs to timeline "${expected}", and this is "${
      timeline ?? "unknown"
    }", which has ` +
      "another KV: give previews an issuer of their own by setting SIGNET_ISSUER and SIGNET_TIMELINE " +
      "in their context",
  );
}

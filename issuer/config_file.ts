import { parseStrictJson, StrictJsonError } from "../verify/strict_json.ts";
import type { Fault } from "./errors.ts";
import type { IssuerOptions, TenantOptions } from "./issuer_options.ts";
import { parseMinimumEpochs } from "./parse_minimum_epochs.ts";
import { parseProfiles } from "./parse_profiles.ts";
import { parseAdministrators, parseTenants } from "./parse_tenants.ts";
import type { AudienceProfile } from "./profiles.ts";
import type { TrustRule } from "./trust/rule.ts";
import type { ConfiguredTimings } from "./timings.ts";
import { parseConfiguredWorkloads } from "./workloads/parse_configured_workloads.ts";
import { isObject } from "./workloads/parse_workload.ts";
import type { WorkloadRecord } from "./workloads/workload.ts";

/** What the configuration file (SIGNET_CONFIG) holds. */
export interface ConfigFile {
  readonly workloads: readonly WorkloadRecord[];
  readonly profiles: readonly AudienceProfile[];
  readonly timings: ConfiguredTimings;
  /** Whether the JWKS shows certificates; default false. */
  readonly x5c?: boolean;
  readonly hosts?: readonly string[];
  /** Epochs that the keysets must have reached. */
  readonly minimumEpochs?: IssuerOptions["minimumEpochs"];
  readonly administrators: readonly TrustRule[];
  readonly tenants: Readonly<Record<string, TenantOptions>>;
}

const members = [
  ...["workloads", "profiles", "timings", "x5c", "hosts", "administrators", "tenants"],
  "minimumEpochs",
];
const timings = ["periodSeconds", "leadSeconds", "tailSeconds", "jwksMaxAgeSeconds"];

/** Reads the configuration file; faults are added with a JSON pointer each. */
export function parseConfigFile(
  bytes: Uint8Array,
  { issuer, faults }: { issuer: string; faults: Fault[] },
): ConfigFile {
  const add = (pointer: string, detail: string) => void faults.push({ pointer, detail });
  const value = readJson(bytes, add);
  for (const name of Object.keys(value)) {
    if (!members.includes(name)) add(`/${name}`, `is unknown; known: ${members.join(", ")}`);
  }
  return {
    workloads: parseConfiguredWorkloads(value.workloads ?? [], { issuer, add }),
    profiles: parseProfiles(
      value.profiles ?? [],
      (pointer, detail) => add(`/profiles${pointer}`, detail),
    ),
    timings: parseTimings(value.timings ?? {}, add),
    x5c: parseSwitch(value.x5c, (detail) => add("/x5c", detail)),
    hosts: parseHosts(value.hosts, add),
    administrators: parseAdministrators(value.administrators, { issuer, add }),
    minimumEpochs: parseMinimumEpochs(value.minimumEpochs, add),
    tenants: parseTenants(value.tenants ?? {}, { issuer, add }),
  };
}

type Add = (pointer: string, detail: string) => void;

function readJson(bytes: Uint8Array, add: Add): Record<string, unknown> {
  try {
    const value = parseStrictJson(bytes, { maxMembers: 100_000 });
    if (isObject(value)) return value;
    add("", "must be a JSON object");
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    add("", error.message);
  }
  return {};
}

function parseTimings(value: unknown, add: Add): ConfiguredTimings {
  if (!isObject(value)) {
    add("/timings", "must be a JSON object");
    return {};
  }
  for (const [name, seconds] of Object.entries(value)) {
    if (!timings.includes(name)) {
      add(`/timings/${name}`, `is unknown; known: ${timings.join(", ")}`);
    } else if (!Number.isInteger(seconds) || Number(seconds) < 1) {
      add(`/timings/${name}`, "must be a whole number of seconds");
    }
  }
  return value;
}

function parseSwitch(
  value: unknown,
  add: (detail: string) => void,
): boolean | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  add("must be true or false");
}

function parseHosts(value: unknown, add: Add): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const sound = Array.isArray(value) && value.length > 0 &&
    value.every((host) => typeof host === "string" && /^[a-z0-9.\-[\]:]+$/.test(host));
  if (!sound) {
    add("/hosts", "must be a list of lower-case hosts, with a port where it is not the default");
  }
  return sound ? value : undefined;
}

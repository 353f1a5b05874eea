import { parseStrictJson, StrictJsonError } from "../verify/strict_json.ts";
import { type Fault, Problem } from "./errors.ts";
import { parseProfiles } from "./parse_profiles.ts";
import type { TenantOptions } from "./issuer_options.ts";
import { isName, nameRule } from "./name.ts";
import type { AudienceProfile } from "./profiles.ts";
import type { TrustRule } from "./trust/rule.ts";
import { reservedTenantNames } from "./with_tenants.ts";
import { parseTrust } from "./workloads/parse_trust.ts";
import { parseConfiguredCredentials } from "./workloads/parse_configured_credential.ts";
import { isObject, parseWorkload } from "./workloads/parse_workload.ts";
import type { WorkloadRecord } from "./workloads/workload.ts";

/** Timings of key rotation, in seconds; the bounds are those of `checkKeyPolicy` in `./keys`. */
export interface ConfiguredTimings {
  /** How long a key signs. Default 604800 (7 days), at least `leadSeconds`. */
  readonly periodSeconds?: number;
  /** How long a key is published before it signs. Default 90000 (25 hours). */
  readonly leadSeconds?: number;
  /** How long a key stays published after its successor took over. Default 90000 (25 hours). */
  readonly tailSeconds?: number;
  /** How long caches may keep the JWKS. Default 600. */
  readonly jwksMaxAgeSeconds?: number;
}

/** What the configuration file (SIGNET_CONFIG) holds. */
export interface ConfigFile {
  readonly workloads: readonly WorkloadRecord[];
  readonly profiles: readonly AudienceProfile[];
  readonly timings: ConfiguredTimings;
  readonly hosts?: readonly string[];
  readonly administrators: readonly TrustRule[];
  readonly tenants: Readonly<Record<string, TenantOptions>>;
}

const members = ["workloads", "profiles", "timings", "hosts", "administrators", "tenants"];
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
    workloads: parseWorkloads(value.workloads ?? [], { issuer, add }),
    profiles: parseProfiles(
      value.profiles ?? [],
      (pointer, detail) => add(`/profiles${pointer}`, detail),
    ),
    timings: parseTimings(value.timings ?? {}, add),
    hosts: parseHosts(value.hosts, add),
    administrators: parseAdministrators(value.administrators, { issuer, add }),
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

function parseWorkloads(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): WorkloadRecord[] {
  if (!Array.isArray(value)) {
    add("/workloads", "must be a list of workloads");
    return [];
  }
  const ids = new Set<string>();
  const subjects = new Set<string>();
  return value.flatMap((item, index) => {
    const at = `/workloads/${index}`;
    const record = parseOne(item, { issuer, add: (pointer, detail) => add(at + pointer, detail) });
    if (!record) return [];
    const { id, org, app, context } = record.workload;
    const subject = `${org}/${app}/${context}`;
    if (ids.has(id)) add(`${at}/id`, "is used twice");
    if (subjects.has(subject)) add(at, "has the org, app and context of another workload");
    ids.add(id);
    subjects.add(subject);
    return [record];
  });
}

function parseOne(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): WorkloadRecord | undefined {
  const { credentials = [], ...definition } = isObject(value) ? value : { definition: value };
  const parsed = parseConfiguredCredentials(
    credentials,
    (pointer, detail) => add(`/credentials${pointer}`, detail),
  );
  try {
    const { workload } = parseWorkload(definition, { issuer });
    const dates = { createdAt: 0, updatedAt: 0 };
    const names = { writeId: "config", revision: "config" };
    return { version: 1, ...names, workload, credentials: parsed, ...dates, managedBy: "config" };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    for (const fault of error.faults ?? [{ pointer: "", detail: error.message }]) {
      add(fault.pointer, fault.detail);
    }
  }
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

function parseHosts(value: unknown, add: Add): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const sound = Array.isArray(value) && value.length > 0 &&
    value.every((host) => typeof host === "string" && /^[a-z0-9.\-[\]:]+$/.test(host));
  if (!sound) {
    add("/hosts", "must be a list of lower-case hosts, with a port where it is not the default");
  }
  return sound ? value : undefined;
}

function parseAdministrators(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): readonly TrustRule[] {
  const at = (pointer: string, detail: string) =>
    add(pointer.replace("/trust", "/administrators"), detail);
  return parseTrust(value ?? [], { issuer, add: at }).rules;
}

const tenantMembers = ["workloads", "profiles", "administrators", "adminTokenSha256"];

function parseTenants(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): Readonly<Record<string, TenantOptions>> {
  if (!isObject(value)) {
    add("/tenants", "must be an object: one member per tenant");
    return {};
  }
  const tenants = Object.entries(value).map(([name, tenant]) => {
    const within: Add = (pointer, detail) => add(`/tenants/${name}${pointer}`, detail);
    if (!isName(name) || reservedTenantNames.includes(name)) {
      within("", `must be named by ${nameRule}, and not like a route`);
    }
    return [name, parseTenant(tenant, { issuer: `${issuer}/${name}`, add: within })];
  });
  return Object.fromEntries(tenants);
}

function parseTenant(value: unknown, { issuer, add }: { issuer: string; add: Add }): TenantOptions {
  if (!isObject(value)) {
    add("", "must be a JSON object");
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!tenantMembers.includes(name)) {
      add(`/${name}`, `is unknown; known: ${tenantMembers.join(", ")}`);
    }
  }
  const { adminTokenSha256: digest } = value;
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(String(digest))) {
    add(
      "/adminTokenSha256",
      "must be the hex SHA-256 of the tenant's admin token, never the token itself",
    );
  }
  return {
    workloads: parseWorkloads(value.workloads ?? [], { issuer, add }),
    profiles: parseProfiles(
      value.profiles ?? [],
      (pointer, detail) => add(`/profiles${pointer}`, detail),
    ),
    administrators: parseAdministrators(value.administrators, { issuer, add }),
    adminTokenSha256: digest as string | undefined,
  };
}

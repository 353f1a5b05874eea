import type { TenantOptions } from "./issuer_options.ts";
import { isName, nameRule } from "./name.ts";
import { parseMinimumEpochs } from "./parse_minimum_epochs.ts";
import { parseProfiles } from "./parse_profiles.ts";
import type { TrustRule } from "./trust/rule.ts";
import { parseConfiguredWorkloads } from "./workloads/parse_configured_workloads.ts";
import { parseTrust } from "./workloads/parse_trust.ts";
import { isObject } from "./workloads/parse_workload.ts";

/** Names that would hide a route of the deployment's own issuer. */
const reservedTenantNames = ["token", "admin", "healthz", "console", "trust", "assets"];

type Add = (pointer: string, detail: string) => void;

/** Rules for administrators by platform token; faults are added with a JSON pointer each. */
export function parseAdministrators(
  value: unknown,
  { issuer, add }: { issuer: string; add: Add },
): readonly TrustRule[] {
  const at = (pointer: string, detail: string) =>
    add(pointer.replace("/trust", "/administrators"), detail);
  return parseTrust(value ?? [], { issuer, add: at }).rules;
}

const tenantMembers = [
  ...["workloads", "profiles", "administrators", "adminTokenSha256", "minimumEpochs"],
];

/** Tenants by name; faults are added with a JSON pointer each. */
export function parseTenants(
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
  if (digest !== undefined && !isDigest(digest)) {
    add(
      "/adminTokenSha256",
      "must be the hex SHA-256 of the tenant's admin token, never the token itself",
    );
  }
  return {
    workloads: parseConfiguredWorkloads(value.workloads ?? [], { issuer, add }),
    profiles: parseProfiles(
      value.profiles ?? [],
      (pointer, detail) => add(`/profiles${pointer}`, detail),
    ),
    administrators: parseAdministrators(value.administrators, { issuer, add }),
    minimumEpochs: parseMinimumEpochs(value.minimumEpochs, add),
    adminTokenSha256: isDigest(digest) ? digest : undefined,
  };
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

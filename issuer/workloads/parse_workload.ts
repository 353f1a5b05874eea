import { audienceFault, isOwnAudience } from "../audience.ts";
import { type Fault, Problem } from "../errors.ts";
import { isName, nameRule } from "../name.ts";
import { isReservedClaim } from "../reserved_claims.ts";
import { parseTrust } from "./parse_trust.ts";
import type { JsonValue, Workload } from "./workload.ts";
import { isWorkloadId, workloadIdRule } from "./workload_id.ts";

const members = ["id", "org", "app", "context", "audiences", "claims", "maxTtlSeconds", "trust"];

/** A workload that passed every rule, and what an operator should still look at. */
export interface ParsedWorkload {
  readonly workload: Workload;
  readonly warnings: readonly string[];
}

/** Checks a workload from outside; every fault is reported at once (threats 17, 23, 25). */
export function parseWorkload(value: unknown, context: { issuer: string }): ParsedWorkload {
  if (!isObject(value)) {
    throw new Problem("invalid", "Cannot read the workload: send a JSON object");
  }
  const faults: Fault[] = [];
  const add = (pointer: string, detail: string) => faults.push({ pointer, detail });
  for (const name of Object.keys(value)) {
    if (!members.includes(name)) {
      add(`/${escape(name)}`, `is not a member of a workload; known: ${members.join(", ")}`);
    }
  }
  const { id, org, app, context: name } = value;
  if (!isWorkloadId(id)) add("/id", `must be ${workloadIdRule}`);
  for (const [member, part] of Object.entries({ org, app, context: name })) {
    if (part === undefined) add(`/${member}`, `is missing: ${nameRule}`);
    else if (!isName(part)) add(`/${member}`, `must be ${nameRule}`);
  }
  const audiences = parseAudiences(value.audiences ?? [], context.issuer, add);
  const claims = parseClaims(value.claims ?? {}, add);
  const maxTtlSeconds = value.maxTtlSeconds ?? 3600;
  if (
    !Number.isInteger(maxTtlSeconds) || Number(maxTtlSeconds) < 1 || Number(maxTtlSeconds) > 3600
  ) {
    add("/maxTtlSeconds", "must be a whole number of seconds from 1 to 3600");
  }
  const trust = parseTrust(value.trust ?? [], { issuer: context.issuer, add });
  if (faults.length > 0) {
    throw new Problem("invalid", "Cannot accept the workload: it breaks these rules", { faults });
  }
  const workload = { id, org, app, context: name, audiences, claims, maxTtlSeconds } as Workload;
  return { workload: { ...workload, trust: trust.rules }, warnings: trust.warnings };
}

type Add = (pointer: string, detail: string) => void;

function parseAudiences(value: unknown, issuer: string, add: Add): readonly string[] {
  if (!Array.isArray(value) || value.length > 100) {
    add("/audiences", "must be a list of at most 100 audiences");
    return [];
  }
  value.forEach((audience, index) => {
    const fault = typeof audience === "string" ? audienceFault(audience) : "must be a string";
    if (fault) add(`/audiences/${index}`, fault);
    else if (isOwnAudience(audience, issuer)) {
      add(
        `/audiences/${index}`,
        "is this issuer itself; a token for it could be presented back to it",
      );
    }
  });
  return value;
}

function parseClaims(value: unknown, add: Add): Record<string, JsonValue> {
  if (!isObject(value)) {
    add("/claims", "must be a JSON object");
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!/^[\x21-\x7e]{1,128}$/.test(name)) {
      add(`/claims/${escape(name)}`, "must be named by 1 to 128 visible ASCII characters");
    } else if (isReservedClaim(name)) {
      add(`/claims/${escape(name)}`, "is written by the issuer only; choose another name");
    }
  }
  if (JSON.stringify(value).length > 2048) {
    add("/claims", "must be at most 2048 characters of JSON");
  }
  return value as Record<string, JsonValue>;
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A name as part of a JSON pointer (RFC 6901 §3). */
function escape(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

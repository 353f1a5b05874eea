import { ALGORITHMS } from "../keys/algorithm.ts";
import { audienceFault } from "./audience.ts";
import type { AudienceProfile } from "./profiles.ts";
import { isReservedClaim } from "./reserved_claims.ts";
import { subjectTemplateFault } from "./subject.ts";
import { isObject } from "./workloads/parse_workload.ts";

const members = [
  "name",
  "audiences",
  "alg",
  "ttlSeconds",
  "subject",
  "maxSubjectBytes",
  "reuseSeconds",
  "claims",
  "parameters",
];
const parameters = ["roles", "session_tags", "source_identity"];

type Add = (pointer: string, detail: string) => void;

/** Checks the operator's own audience profiles; faults are added with a JSON pointer each. */
export function parseProfiles(value: unknown, add: Add): readonly AudienceProfile[] {
  if (!Array.isArray(value)) {
    add("", "must be a list of profiles");
    return [];
  }
  value.forEach((profile, index) =>
    checkProfile(profile, (pointer, detail) => add(`/${index}${pointer}`, detail))
  );
  return value;
}

function checkProfile(profile: unknown, add: Add): void {
  if (!isObject(profile)) return add("", "must be a JSON object");
  for (const name of Object.keys(profile)) {
    if (!members.includes(name)) add(`/${name}`, `is unknown; known: ${members.join(", ")}`);
  }
  const { name, audiences, alg, subject, claims } = profile;
  if (typeof name !== "string" || !/^[\w -]{1,63}$/.test(name)) {
    add("/name", "must be a name of 1 to 63 letters");
  }
  if (
    !isStringList(audiences) || audiences.length === 0 ||
    audiences.some((item) => audienceFault(item))
  ) {
    add("/audiences", "must be a list of audiences");
  }
  if (alg !== undefined && !ALGORITHMS.some((known) => known === alg)) {
    add("/alg", "must be RS256, ES256 or EdDSA");
  }
  checkNumber(profile, { name: "ttlSeconds", most: 3600, add });
  checkNumber(profile, { name: "maxSubjectBytes", most: 255, add });
  checkNumber(profile, { name: "reuseSeconds", most: 60, add });
  const fault = subject === undefined ? undefined : subjectFault(subject);
  if (fault) add("/subject", fault);
  if (profile.parameters !== undefined && !isKnown(profile.parameters)) {
    add("/parameters", `must be a list of ${parameters.join(", ")}`);
  }
  if (claims !== undefined && (!isObject(claims) || Object.keys(claims).some(isReservedClaim))) {
    add("/claims", "must be an object without names that the issuer writes itself");
  }
}

function subjectFault(subject: unknown): string | undefined {
  return typeof subject === "string" ? subjectTemplateFault(subject) : "must be a template";
}

function checkNumber(
  profile: Record<string, unknown>,
  { name, most, add }: { name: string; most: number; add: Add },
): void {
  const value = profile[name];
  if (value === undefined) return;
  if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > most) {
    add(`/${name}`, `must be a whole number from 1 to ${most}`);
  }
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isKnown(value: unknown): boolean {
  return isStringList(value) && value.every((item) => parameters.includes(item));
}

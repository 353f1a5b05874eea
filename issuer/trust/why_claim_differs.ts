import type { JsonValue } from "../../verify/strict_json.ts";
import { matchesGlob } from "../glob.ts";
import { type ClaimMatcher, isGlob } from "./rule.ts";

/** A claim that a rule does not accept. */
export interface DifferingClaim {
  readonly claim: string;
  readonly expected: ClaimMatcher;
  readonly found: JsonValue | undefined;
}

/** Why a claim is not what a rule says, in a few words; names the near misses that eyes pass over. */
export function whyClaimDiffers({ claim, expected, found }: DifferingClaim): string {
  if (found === undefined) return "the token has no such claim";
  if (claim === "aud" && Array.isArray(found)) {
    return found.length === 1
      ? whyClaimDiffers({ claim, expected, found: found[0]! })
      : `the token has ${found.length} audiences; only a token with exactly one is taken`;
  }
  if (isGlob(expected)) return whyGlobDiffers(expected.glob, found);
  const types = [kindOf(found), kindOf(expected as JsonValue)];
  if (types[0] !== types[1]) return `the token has ${types[0]}, the rule wants ${types[1]}`;
  if (typeof found === "string" && typeof expected === "string") {
    return nearMiss(expected, found) ?? "it is another value";
  }
  return Array.isArray(found)
    ? "the lists differ: only the same members in the same order match"
    : "it is another value";
}

function whyGlobDiffers(glob: string, found: JsonValue): string {
  if (typeof found !== "string") return `the token has ${kindOf(found)}; a glob fits text only`;
  if (matchesGlob(glob.toLowerCase(), found.toLowerCase())) {
    return "only upper and lower case differ";
  }
  const segments = [glob, found].map((text) => text.split(/[/:]/).length);
  return segments[0] === segments[1]
    ? "it does not fit the glob"
    : `it has ${segments[1]} segments, the glob ${segments[0]}; a * stays inside one segment`;
}

function nearMiss(expected: string, found: string): string | undefined {
  if (found.toLowerCase() === expected.toLowerCase()) return "only upper and lower case differ";
  if (found.trim() === expected.trim()) return "only space around it differs";
  if (`${found}/` === expected || found === `${expected}/`) {
    return "only a slash at the end differs";
  }
}

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string"
    ? "text"
    : typeof value === "number"
    ? "a number"
    : "true or false";
}

import type { TrustRuleFault } from "./errors.ts";
import { isRecord, pointerTo } from "./pointer.ts";

const MOST_CLAIMS = 32, MOST_MEMBERS = 64, LONGEST_NAME = 256, LONGEST_TEXT = 1_024;

/** Claims that say nothing about who the platform vouches for, or have a member of their own in a rule. */
const NOT_CONDITIONS = ["iss", "aud", "exp", "nbf", "iat", "jti", "__proto__"];

/** Everything wrong with the form of a rule's `claims`; how wide they are is judged elsewhere. */
export function claimFaults(claims: unknown, path: string): TrustRuleFault[] {
  if (!isRecord(claims)) return [{ path, detail: "must be an object of claims" }];
  const names = Object.keys(claims);
  if (names.length === 0) {
    return [{ path, detail: "must name at least one claim, or anybody at that issuer meets it" }];
  }
  if (names.length > MOST_CLAIMS) {
    return [{ path, detail: `must not name more than ${MOST_CLAIMS} claims` }];
  }
  return names.flatMap((name) => {
    const detail = nameFault(name) ?? matcherFault(claims[name]);
    return detail === undefined
      ? []
      : [{ path: pointerTo(path, name.slice(0, LONGEST_NAME)), detail }];
  });
}

function nameFault(name: string): string | undefined {
  if (name === "" || name.length > LONGEST_NAME) return `must be 1 to ${LONGEST_NAME} characters`;
  if (NOT_CONDITIONS.includes(name)) return "cannot be a condition of a rule";
  if (name.startsWith("/") && /~(?![01])/.test(name)) return "is not a JSON pointer (RFC 6901)";
}

function matcherFault(matcher: unknown): string | undefined {
  if (Array.isArray(matcher)) return listFault(matcher);
  if (isRecord(matcher)) return globObjectFault(matcher);
  return literalFault(matcher);
}

function literalFault(value: unknown): string | undefined {
  if (typeof value === "boolean") return undefined;
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? undefined : "must be a whole number up to 2^53";
  }
  if (typeof value !== "string") return "must be text, a number, true, false, a list or a glob";
  if (value === "") return "must not be empty: a variable may not have been filled in";
  if (value.length > LONGEST_TEXT) return `must not be over ${LONGEST_TEXT} characters`;
  if (value.includes("*")) {
    return 'holds a *, which is literal here; write {"glob": …} if it stands for more';
  }
}

function listFault(list: readonly unknown[]): string | undefined {
  if (list.length === 0 || list.length > MOST_MEMBERS) {
    return `must have 1 to ${MOST_MEMBERS} members`;
  }
  return list.map(literalFault).find((fault) => fault !== undefined);
}

function globObjectFault(matcher: Record<string, unknown>): string | undefined {
  const names = Object.keys(matcher), { glob } = matcher;
  if (names.length !== 1 || names[0] !== "glob") {
    return 'must be {"glob": "…"} and nothing else; name a member of an object claim by /its/path';
  }
  if (typeof glob !== "string" || glob === "") return "must be a glob that is not empty";
  if (glob.length > LONGEST_TEXT) return `must not be over ${LONGEST_TEXT} characters`;
  if (glob.includes("**")) return "must not hold **: each * stays inside one segment";
  if (segmentsOf(glob).every((segment) => segment === "*")) {
    return "is met by anything of that many segments; write out what you mean";
  }
}

/** The parts that a `*` cannot leave: text between `/` and `:`. */
export function segmentsOf(text: string): readonly string[] {
  return text.replaceAll("/", ":").split(":");
}

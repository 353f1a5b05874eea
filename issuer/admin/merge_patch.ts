import { isObject } from "../workloads/parse_workload.ts";
import { Problem } from "../errors.ts";

/** Applies a JSON merge patch (RFC 7396 §2) to an object. */
export function mergePatch(target: object, patch: unknown): unknown {
  if (!isObject(patch)) throw new Problem("invalid", "Cannot apply the change: send a JSON object");
  return merge(target, patch);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, merge(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

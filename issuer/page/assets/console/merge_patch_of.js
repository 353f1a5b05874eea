/** The JSON merge patch (RFC 7396) that makes `after` of `before`; undefined where nothing differs. */
export function mergePatchOf(before, after) {
  if (!isPlain(before) || !isPlain(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  }
  const patch = new Map();
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) patch.set(name, null);
  for (const [name, value] of Object.entries(after)) {
    const isNew = !Object.hasOwn(before, name);
    const change = isNew ? value : mergePatchOf(before[name], value);
    if (isNew || change !== undefined) patch.set(name, change);
  }
  return patch.size === 0 ? undefined : Object.fromEntries(patch);
}

/** Whether a value is a JSON object. */
export function isPlain(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const TAGS = "https://aws.amazon.com/tags";
const FLAT = `${TAGS}/principal_tags/`;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** What AWS would refuse in the claims that are meant for it. */
export function awsClaimProblems(claims: Readonly<Record<string, unknown>>): string[] {
  return [...tagProblems(claims), ...sourceIdentity(claims), ...roles(claims)];
}

function tagProblems(claims: Readonly<Record<string, unknown>>): string[] {
  const tags = claims[TAGS];
  if (tags !== undefined && !isObject(tags)) return [`${TAGS} is not an object`];
  const nested = tags?.principal_tags;
  if (nested !== undefined && !isObject(nested)) return ["principal_tags is not an object"];
  const listed = Object.entries(nested ?? {});
  const shapes = listed.filter(([, value]) =>
    !Array.isArray(value) || value.length !== 1 || typeof value[0] !== "string"
  );
  const flat = Object.entries(claims).filter(([name]) => name.startsWith(FLAT))
    .map(([name, value]): [string, unknown] => [name.slice(FLAT.length), value]);
  const pairs = [
    ...listed.map(([key, value]): [string, unknown] => [key, [value].flat()[0]]),
    ...flat,
  ];
  return [
    ...shapes.map(([key]) => `tag ${key} is not an array of one string`),
    ...pairs.filter(([key, value]) => key.length > 128 || String(value).length > 256)
      .map(([key]) => `tag ${key.slice(0, 20)} is longer than 128 or its value than 256`),
    ...(pairs.length > 50 ? [`${pairs.length} tags, at most 50`] : []),
  ];
}

function sourceIdentity(claims: Readonly<Record<string, unknown>>): string[] {
  const value = claims["https://aws.amazon.com/source_identity"];
  if (value === undefined) return [];
  const fits = typeof value === "string" && /^[\w+=,.@-]{2,64}$/.test(value);
  return fits ? [] : ["source_identity must be 2 to 64 of letters, digits and +=,.@-"];
}

function roles(claims: Readonly<Record<string, unknown>>): string[] {
  const value = claims["https://aws.amazon.com/roles"];
  if (value === undefined) return [];
  const list = typeof value === "string" ? value.split(";") : value;
  const fits = Array.isArray(list) && list.length > 0 &&
    list.every((role) => typeof role === "string" && ROLE.test(role));
  return fits ? [] : ["roles must be exact role ARNs"];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { type Check, check, fail, failIfAny, ok, skip, type Verdict, warn } from "./check.ts";
import type { IssuerObservation, PublishedKey } from "./observe_issuer.ts";

const JWK = "RFC 7517 §4, §5";
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const KNOWN = new Set([
  "kty",
  "use",
  "alg",
  "kid",
  "n",
  "e",
  "crv",
  "x",
  "y",
  "key_ops",
  "ext",
  "x5c",
]);
const SHAPES: Readonly<Record<string, readonly string[]>> = {
  RSA: ["n", "e"],
  EC: ["crv", "x", "y"],
  OKP: ["crv", "x"],
};

/** Check the keys themselves. */
export function keyChecks(observation: IssuerObservation): Check[] {
  return [
    count(observation),
    kidUnique(observation),
    secrecy(observation),
    members(observation),
    strength(observation),
  ];
}

/** Name of a key for a report. */
export function keyName(key: PublishedKey): string {
  return typeof key.kid === "string" ? key.kid : "a key without kid";
}

function onKeys({ keys }: IssuerObservation, judge: () => Verdict): Verdict {
  return keys.length === 0 ? skip("no keys were read") : judge();
}

function count({ keys, jwks }: IssuerObservation): Check {
  const read = jwks?.body !== undefined;
  return check(
    {
      id: "issuer.key_count",
      title: "Number of keys",
      expected: "2 to 10: the active one, a published spare, retired ones",
      remedy:
        "Publish the next key before it signs, and remove retired keys after the longest token life.",
      source: `${JWK}; OpenID Connect Core 1.0 §10.1.1`,
    },
    !read
      ? skip("no key set was read")
      : keys.length === 0
      ? fail("none")
      : keys.length === 1 || keys.length > 10
      ? warn(String(keys.length))
      : ok(String(keys.length)),
  );
}

function kidUnique(observation: IssuerObservation): Check {
  const { keys } = observation;
  return check(
    {
      id: "issuer.kid_unique",
      title: "Key ids",
      expected: "a kid in every key, each once",
      remedy:
        "Give every key its RFC 7638 thumbprint as kid: AWS takes the last of two equal kids, Google needs a kid.",
      source: `${JWK}.5`,
    },
    onKeys(observation, () => {
      const kids = keys.map((key) => key.kid);
      const missing = kids.filter((kid) => typeof kid !== "string" || kid === "").length;
      const twice = kids.filter((kid, index) => kids.indexOf(kid) !== index);
      return failIfAny([
        ...(missing > 0 ? [`${missing} without kid`] : []),
        ...(missing === 0 && twice.length > 0 ? [`twice: ${twice.join(", ")}`] : []),
      ], "all there, all different");
    }),
  );
}

function secrecy(observation: IssuerObservation): Check {
  return check(
    {
      id: "issuer.jwk_private",
      title: "Private members",
      expected: "none",
      remedy:
        "A private key was published: rotate with --emergency now, then publish public members only.",
      source: "RFC 7517 §9.3; RFC 7518 §6",
    },
    onKeys(observation, () =>
      failIfAny(
        observation.keys.filter((key) => PRIVATE.some((name) => name in key)).map((key) =>
          `${keyName(key)} holds private members`
        ),
        "none",
      )),
  );
}

function members(observation: IssuerObservation): Check {
  return check(
    {
      id: "issuer.jwk_members",
      title: "Members of the keys",
      expected: "exactly kty, use: sig, alg, kid and n, e or crv, x, y",
      remedy: "Publish exactly these members; WebCrypto's export adds key_ops and ext, strip them.",
      source: `${JWK}; Entra and SPIRE need use, SPIRE needs alg`,
    },
    onKeys(observation, () => {
      const problems = observation.keys.flatMap(memberProblems);
      if (problems.length > 0) return fail(problems.join("; "));
      const extra = observation.keys.flatMap(extraMembers);
      return extra.length > 0
        ? warn(`also ${[...new Set(extra)].join(", ")}`)
        : ok("exactly these");
    }),
  );
}

function memberProblems(key: PublishedKey): string[] {
  const shape = SHAPES[String(key.kty)];
  if (!shape) return [`${keyName(key)} has kty ${key.kty}`];
  const missing = ["alg", ...shape].filter((name) => typeof key[name] !== "string");
  return [
    ...missing.map((name) => `${keyName(key)} lacks ${name}`),
    ...(key.use === "sig" ? [] : [`${keyName(key)} has use ${key.use ?? "unset"}`]),
  ];
}

function extraMembers(key: PublishedKey): string[] {
  const wrong = Object.keys(key).filter((name) => !KNOWN.has(name) && !PRIVATE.includes(name));
  return [...wrong, ...["key_ops", "ext", "x5c"].filter((name) => name in key)];
}

function strength(observation: IssuerObservation): Check {
  return check({
    id: "issuer.key_strength",
    title: "Strength of the keys",
    expected: "RSA of at least 2048 bits; P-256, P-384 or P-521; Ed25519",
    remedy: "Rotate to RSA-2048 (RS256) or P-256 (ES256).",
    source: "RFC 7518 §3.3, §3.4; NIST SP 800-131A",
  }, onKeys(observation, () => failIfAny(observation.keys.flatMap(weakness), "all strong")));
}

function weakness(key: PublishedKey): string[] {
  if (key.kty === "RSA" && typeof key.n === "string") {
    const bits = Math.floor(key.n.length * 6 / 8) * 8;
    return bits < 2048 ? [`${keyName(key)} has ${bits} bits`] : [];
  }
  const curves = key.kty === "EC" ? ["P-256", "P-384", "P-521"] : ["Ed25519"];
  const known = key.kty === "EC" || key.kty === "OKP";
  return known && !curves.includes(String(key.crv)) ? [`${keyName(key)} is on ${key.crv}`] : [];
}

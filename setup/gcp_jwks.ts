import type { Faults } from "./faults.ts";

/** The only members that Google takes in an uploaded key. */
const MEMBERS = ["kty", "alg", "use", "kid", "n", "e", "crv", "x", "y"];
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** The key set as Google takes it, or undefined when none is to be uploaded. */
export function uploadableJwks(
  jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined,
  faults: Faults,
): { keys: Record<string, string>[] } | undefined {
  if (jwks === undefined) return undefined;
  const keys = Array.isArray(jwks.keys) ? jwks.keys : [];
  faults.check(keys.length > 0, "options.jwks", "must hold at least one key");
  return {
    keys: keys.map((key, index) =>
      publicKey(key, { field: `options.jwks.keys[${index}]`, faults })
    ),
  };
}

function publicKey(
  key: Readonly<Record<string, unknown>>,
  { field, faults }: { readonly field: string; readonly faults: Faults },
): Record<string, string> {
  faults.check(!PRIVATE.some((name) => name in key), field, "is a private key: never upload it");
  faults.check(
    key.kty === "RSA" || (key.kty === "EC" && key.crv === "P-256"),
    field,
    "must be an RSA or P-256 key: Google takes no others",
  );
  const kept: Record<string, string> = {};
  for (const name of MEMBERS) {
    if (key[name] === undefined) continue;
    faults.text(key[name], `${field}.${name}`, { pattern: /^[A-Za-z0-9_.:-]+$/, max: 2048 });
    kept[name] = String(key[name]);
  }
  return kept;
}

import { parseJwks } from "../../verify/parse_jwks.ts";
import { audienceFault } from "./audience_fault.ts";
import { claimFaults } from "./claim_faults.ts";
import type { TrustRuleFault } from "./errors.ts";
import { issuerFault } from "./issuer_fault.ts";
import { pointerTo } from "./pointer.ts";
import { presetNamed, presetOfIssuer, presetOfRule, PRESETS } from "./presets/find_preset.ts";

const MEMBERS = ["issuer", "audience", "claims", "singleUse", "preset", "jwks"];

/** Where a rule stands and what it is judged against. */
export interface MemberFaultsContext {
  readonly path: string;
  readonly ownIssuer: string;
  readonly ownIsLoopback: boolean;
  readonly forbiddenHosts?: readonly string[];
}

/** Everything wrong with the members of a rule that is written out, each judged for itself. */
export function memberFaults(
  rule: Record<string, unknown>,
  context: MemberFaultsContext,
): TrustRuleFault[] {
  const { path } = context, { issuer, audience, claims, singleUse, preset, jwks } = rule;
  const known = presetOf(preset, issuer), hasJwks = jwks !== undefined;
  const details: Record<string, string | undefined> = {
    preset: presetFault(preset, issuer),
    issuer: typeof issuer === "string"
      ? issuerFault(issuer, { ...context, hasJwks })
      : "is required: the URL of the platform's issuer",
    audience: audienceFault(audience, { ownIssuer: context.ownIssuer, preset: known }),
    singleUse: singleUse === undefined || typeof singleUse === "boolean"
      ? undefined
      : "must be true or false",
    jwks: hasJwks ? jwksFault(jwks) : undefined,
  };
  const unknown = Object.keys(rule).filter((name) => !MEMBERS.includes(name)).map((name) => ({
    path: pointerTo(path, name),
    detail: `is not a member of a rule; known: ${MEMBERS.join(", ")}`,
  }));
  const members = Object.entries(details).flatMap(([name, detail]) =>
    detail === undefined ? [] : [{ path: pointerTo(path, name), detail }]
  );
  return [...unknown, ...members, ...claimFaults(claims ?? {}, pointerTo(path, "claims"))];
}

function presetOf(preset: unknown, issuer: unknown) {
  return typeof issuer !== "string"
    ? undefined
    : presetOfRule(typeof preset === "string" ? { issuer, preset } : { issuer });
}

function presetFault(name: unknown, issuer: unknown): string | undefined {
  if (name === undefined) return undefined;
  const preset = typeof name === "string" ? presetNamed(name) : undefined;
  if (preset === undefined) {
    return `is no preset; known: ${PRESETS.map(({ name }) => name).join(", ")}`;
  }
  const owner = typeof issuer === "string" ? presetOfIssuer(issuer) : undefined;
  if (owner !== undefined && owner !== preset) {
    return `does not fit: the issuer is that of ${owner.name}`;
  }
}

function jwksFault(jwks: unknown): string | undefined {
  try {
    const usable = parseJwks(jwks), given = (jwks as { keys: readonly unknown[] }).keys;
    // A key that is passed over would be noticed only when the platform begins to use it.
    return usable.size === given.length && usable.size > 0
      ? undefined
      : "must hold public signature keys only, each with a kid of its own";
  } catch {
    return 'must be a key set: {"keys": [{"kty": …, "kid": …}]} with at most 50 keys';
  }
}

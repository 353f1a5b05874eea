import { isVerificationAlgorithm, VERIFICATION_ALGORITHMS } from "./algorithms.ts";
import { checkedSignatures } from "./checked_signatures.ts";
import type { TokenPolicy } from "./check_policy.ts";
import { headerReader } from "./header_reader.ts";
import { issuerKeys, staticKeys } from "./issuer_keys.ts";
import { parseIssuerUrl } from "./issuer_url.ts";
import type { KeySource } from "./key_source.ts";
import type { VerifierOptions } from "./verifier_options.ts";
import type { VerifyJwtOptions } from "./verify_jwt.ts";

/** Most tokens whose signature is not checked again. */
const maxRemembered = 1_000;

/**
 * Checks a verifier's options once, so that a verifier that exists is a strict one (threat 66).
 *
 * @throws {TypeError} when an option is missing or out of bounds.
 */
export function compileOptions(options: VerifierOptions): VerifyJwtOptions {
  const { types = ["JWT"], now = Date.now } = options;
  if (!isNameList(types)) throw fault("types", "must be a list of header types");
  const maxTokenLength = bounded(options, "maxTokenLength", { least: 1, most: 65_536 }) ?? 16_384;
  const checked = checkedSignatures(maxRemembered);
  const [policy, keys] = [compilePolicy(options), compileKeys(options)];
  return { policy, keys, now, readHeader: headerReader(types), maxTokenLength, checked };
}

function compilePolicy(options: VerifierOptions): TokenPolicy {
  const { issuer, audience, algorithms, allowMultipleAudiences = false } = options;
  if (typeof issuer !== "string") throw fault("issuer", "is required");
  parseIssuerUrl(issuer);
  const audiences = typeof audience === "string" ? [audience] : audience;
  if (!isNameList(audiences)) throw fault("audience", "is required: your own name in the token");
  if (!isNameList(algorithms) || !algorithms.every(isVerificationAlgorithm)) {
    throw fault("algorithms", `is required: some of ${VERIFICATION_ALGORITHMS.join(", ")}`);
  }
  const age = { least: 1, most: 86_400 };
  const maxTokenAge = bounded(options, "maxTokenAge", age) ?? 3_600;
  return {
    issuer,
    audiences: new Set(audiences),
    algorithms: new Set(algorithms),
    allowMultipleAudiences: allowMultipleAudiences === true,
    clockTolerance: bounded(options, "clockTolerance", { least: 0, most: 300 }) ?? 30,
    maxTokenAge,
    maxLifetime: bounded(options, "maxLifetime", age) ?? maxTokenAge,
  };
}

function compileKeys(options: VerifierOptions): KeySource {
  const { jwks, jwksUri } = options;
  bounded(options, "timeoutMs", { least: 1, most: 30_000 });
  if (jwks !== undefined && jwksUri !== undefined) throw fault("jwks", "excludes jwksUri");
  if (jwksUri !== undefined) parseIssuerUrl(jwksUri.split("?")[0] ?? "");
  return jwks === undefined ? issuerKeys(options) : staticKeys(jwks);
}

function bounded(
  options: VerifierOptions,
  name: "maxTokenLength" | "maxTokenAge" | "maxLifetime" | "clockTolerance" | "timeoutMs",
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw fault(name, `must be a number from ${least} to ${most}`);
}

function isNameList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 &&
    value.every((name) => typeof name === "string" && name !== "");
}

function fault(name: string, state: string): TypeError {
  return new TypeError(`Cannot create verifier: option "${name}" ${state}`);
}

import { compactVerify } from "jose/jws/compact/verify";
import type { CheckedSignatures } from "./checked_signatures.ts";
import { checkPolicy, type TokenPolicy } from "./check_policy.ts";
import { TokenVerificationError } from "./errors.ts";
import type { KeySource, VerificationKey } from "./key_source.ts";
import { parseCompact, type ParseCompactOptions, type ParsedToken } from "./parse_compact.ts";

/** What {@linkcode verifyJwt} holds a token against. */
export interface VerifyJwtOptions extends ParseCompactOptions {
  /** What the token must say. */
  readonly policy: TokenPolicy;
  /** The keys of the policy's issuer. */
  readonly keys: KeySource;
  /** The clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Spares the signature, and nothing else, of a token that comes again; default: every one is checked. */
  readonly checked?: CheckedSignatures;
}

/**
 * Verifies a token in the order of cost: form, policy, key, signature.
 *
 * @throws {TokenVerificationError} with the reason.
 */
export function verifyJwt(token: string, options: VerifyJwtOptions): Promise<ParsedToken> {
  return verifyParsed(parseCompact(token, options), options);
}

/**
 * Verifies a token that {@linkcode parseCompact} has read.
 *
 * @throws {TokenVerificationError} with the reason.
 */
export async function verifyParsed(
  parsed: ParsedToken,
  options: Omit<VerifyJwtOptions, keyof ParseCompactOptions>,
): Promise<ParsedToken> {
  checkPolicy(parsed, options.policy, options.now());
  const key = await options.keys.find(parsed.header.kid);
  if (key === undefined) {
    throw new TokenVerificationError("key_not_found", "the issuer has no key of that identifier");
  }
  if (key.algorithm !== parsed.header.alg) {
    throw new TokenVerificationError("key_mismatch", "its algorithm is not that of its key");
  }
  if (!options.checked?.has(parsed.token, key)) {
    await checkSignature(parsed.token, key);
    options.checked?.add(parsed.token, key);
  }
  // The fetch may have taken seconds: the token must be valid now, not when it came in.
  checkPolicy(parsed, options.policy, options.now());
  return parsed;
}

async function checkSignature(token: string, key: VerificationKey): Promise<void> {
  const cryptoKey = await key.load();
  try {
    await compactVerify(token, cryptoKey, { algorithms: [key.algorithm] });
  } catch {
    throw new TokenVerificationError("signature_invalid", "its signature is wrong");
  }
}

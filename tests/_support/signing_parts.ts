import type { SigningParts } from "../../issuer/assemble_issuer.ts";
import type { Algorithm } from "../../keys/algorithm.ts";
import { type GeneratedKey, generateKey } from "../../keys/generate_key.ts";
import { createSigners } from "../../keys/create_signers.ts";

const made = new Map<Algorithm, Promise<GeneratedKey>[]>();

/**
 * Signing for one issuer of a test: on the thread, with key pairs that the whole test process
 * shares, since each RSA pair takes a fifth of a second to make.
 */
export function signingParts(): SigningParts {
  const used = new Map<Algorithm, number>();
  return {
    signers: createSigners({ workers: 0 }),
    generateKey(alg) {
      const keys = made.get(alg) ?? [];
      const next = used.get(alg) ?? 0;
      made.set(alg, keys);
      used.set(alg, next + 1);
      return keys[next] ??= generateKey(alg);
    },
  };
}

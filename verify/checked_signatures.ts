import type { VerificationKey } from "./key_source.ts";

/** Tokens whose signature was found right: the same token again need not be checked again. */
export interface CheckedSignatures {
  /** Whether this very token had a right signature of this very key. */
  has(token: string, key: VerificationKey): boolean;
  /** Remembers it; the one remembered longest goes first. */
  add(token: string, key: VerificationKey): void;
}

/**
 * Remembers at most `max` tokens, whole. A key set that is fetched again brings new key objects, so
 * that what a dropped or exchanged key signed is forgotten with it.
 */
export function checkedSignatures(max: number): CheckedSignatures {
  const keys = new Map<string, VerificationKey>();
  return {
    has: (token, key) => keys.get(token) === key,
    add(token, key) {
      keys.set(token, key);
      if (keys.size > max) keys.delete(keys.keys().next().value!);
    },
  };
}

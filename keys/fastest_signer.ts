import type { Signer } from "./signer.ts";
import type { ThreadSigner } from "./thread_signer.ts";

/** Longest signature, in ms, that a serving thread makes itself: about what a hop to a worker costs. */
const longestOnThread = 0.12;
/** How often the thread's signing is timed; the first one also loads code. */
const trials = 4;

/** The two ways to sign between which {@linkcode fastestSigner} chooses. */
export interface SigningWays {
  readonly onThread: ThreadSigner;
  /** In a pool or by WebCrypto, behind the gate. */
  readonly elsewhere: Signer;
  /** A clock in ms, for timing. */
  readonly clock: () => number;
}

/**
 * Signs on the thread where the platform is fast enough at that, else elsewhere. The first
 * signatures are made on the thread and timed, so that the choice costs nothing at the start and
 * follows the release of Deno: today Ed25519 takes 20 µs there, P-256 600 µs, RSA 1,800 µs.
 */
export function fastestSigner({ onThread, elsewhere, clock }: SigningWays): Signer {
  let left = trials, stays: boolean | undefined;

  function tryOnThread(input: Uint8Array): Uint8Array | undefined {
    const start = clock();
    const signature = onThread.sign(input);
    const ms = clock() - start;
    left--;
    if (signature !== undefined && ms <= longestOnThread) stays = true;
    else if (signature === undefined || left === 0 || ms > 8 * longestOnThread) stays = false;
    return signature;
  }

  function signOnThread(input: Uint8Array): Uint8Array | undefined {
    if (stays === undefined) return tryOnThread(input);
    return stays ? onThread.sign(input) : undefined;
  }

  return {
    sign: (input) => signOnThread(input) ?? elsewhere.sign(input),
    forget() {
      onThread.forget();
      elsewhere.forget();
    },
  };
}

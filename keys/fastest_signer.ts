import type { Signer } from "./signer.ts";
import type { ThreadSigner } from "./thread_signer.ts";

/** Longest signature, in ms, that a serving thread makes itself: about what a hop to a worker costs. */
const longestOnThread = 0.12;
/** How often the thread's signing is timed; the first one also loads code. */
const trials = 4;

/** The two ways to sign between which {@linkcode fastestSigner} chooses. */
export interface SigningWays {
  readonly onThread: ThreadSigner;
  /** In a pool or by WebCrypto, each with its bound. */
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
  let left = trials, fastest = Infinity, stays: boolean | undefined;

  function tryOnThread(input: Uint8Array): Uint8Array | undefined {
    const start = clock();
    const signature = onThread.sign(input);
    fastest = Math.min(fastest, clock() - start);
    left--;
    // One alone says nothing: the first loads code, and the thread may be interrupted in any.
    const isHopeless = left < trials - 1 && fastest > 8 * longestOnThread;
    if (signature !== undefined && fastest <= longestOnThread) stays = true;
    else if (signature === undefined || left === 0 || isHopeless) stays = false;
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

import { fastestSigner } from "./fastest_signer.ts";
import { createRs256Pool, type Rs256PoolOptions } from "./rs256_pool.ts";
import type { PrivateKey, Signer, Signers } from "./signer.ts";
import { type SigningQueue, signingQueue } from "./signing_queue.ts";
import { threadSigner } from "./thread_signer.ts";

/** Options of {@link createSigners}. */
export interface SignersOptions extends Rs256PoolOptions {
  /** Signatures that WebCrypto makes at once. Default three per core: one must be there when one is done. */
  readonly maxInFlight?: number;
  /** Signatures that wait at most, in the pool and for WebCrypto each; more are refused with `signing_busy`. Default 1,000. */
  readonly maxQueued?: number;
  /** A clock in ms, by which the faster way to sign is chosen. Default `performance.now`. */
  readonly clock?: () => number;
}

/**
 * Signs on the thread what the platform signs fast there (Ed25519 in Deno); else RS256 in a pool of
 * workers, blinded and off the serving thread, and ES256 by WebCrypto.
 */
export function createSigners(options: SignersOptions = {}): Signers {
  const { maxInFlight = 3 * navigator.hardwareConcurrency, maxQueued = 1_000 } = options;
  const { clock = () => performance.now() } = options;
  const queue = signingQueue({ maxInFlight, maxQueued });
  const pool = createRs256Pool(options);
  return {
    async importKey(key) {
      const elsewhere = key.alg === "RS256"
        ? pool.importKey(key)
        : inTurn(queue, await importWithWebCrypto(key));
      return fastestSigner({ onThread: threadSigner(key), elsewhere, clock });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(pool[Symbol.dispose]()),
  };
}

function inTurn(queue: SigningQueue, { sign, forget }: Signer): Signer {
  return { sign: (input) => queue(() => sign(input)), forget };
}

async function importWithWebCrypto({ alg, pkcs8 }: PrivateKey): Promise<Signer> {
  const parameters = alg === "ES256" ? { name: "ECDSA", namedCurve: "P-256" } : { name: "Ed25519" };
  const bytes = new Uint8Array(pkcs8);
  const key = await crypto.subtle.importKey("pkcs8", bytes, parameters, false, ["sign"]);
  const algorithm = alg === "ES256" ? { name: "ECDSA", hash: "SHA-256" } : "Ed25519";
  return {
    sign: async (input) =>
      new Uint8Array(await crypto.subtle.sign(algorithm, key, input as Uint8Array<ArrayBuffer>)),
    // A CryptoKey goes with its last reference.
    forget: () => {},
  };
}

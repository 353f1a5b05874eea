import { type KeyObject, sign } from "node:crypto";
import { BoundedFifo } from "./bounded_fifo.ts";
import { lazyPrivateKey } from "./lazy_private_key.ts";
import { revokedMeanwhile } from "./keyring_errors.ts";
import type { FromWorker, SigningWorker, SignRequest } from "./rs256_messages.ts";

/** Options of {@link createRs256Pool}. */
export interface Rs256PoolOptions {
  /** How many workers sign RS256; 0 signs on the calling thread. Default one per core. */
  readonly workers?: number;
  /** After how many ms without a signature the workers end. Default 5,000. */
  readonly idleMs?: number;
  /** Signatures that wait while all workers sign, at most; more are refused with `signing_busy`. Default 1,000. */
  readonly maxQueued?: number;
}

/** What a test replaces. */
export interface Rs256PoolParts {
  /** Starts one worker. Default a module worker. */
  readonly startWorker?: () => SigningWorker;
}

/** RS256 keys whose signatures are made in workers. */
export interface Rs256Pool extends Disposable {
  importKey(key: { kid: string; pkcs8: Uint8Array }): {
    sign(input: Uint8Array): Promise<Uint8Array>;
    /** Signs no more with it, but for what a worker has been given already. */
    forget(): void;
  };
}

/**
 * Makes a pool of RS256 workers.
 *
 * `node:crypto` blinds RSA against timing (RUSTSEC-2023-0071), `crypto.subtle` in Deno does not.
 * The workers start with the first signature, which is itself made on the thread, as are those
 * until a worker is ready: a first token never waits for one. Where workers cannot start, all are.
 */
export function createRs256Pool(options: Rs256PoolOptions & Rs256PoolParts = {}): Rs256Pool {
  return new Pool(options);
}

interface Job {
  readonly request: SignRequest;
  readonly resolve: (signature: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: SigningWorker;
  isReady: boolean;
  /** What it signs now. */
  batch: readonly Job[];
}

// A worker that fails this often (blocked by the platform, say) is not started again.
const MAX_FAILURES = 3;
// One by one, each signature wakes the serving thread with cold caches: twice the work per token.
const MAX_BATCH = 8;

class Pool implements Rs256Pool {
  readonly #size: number;
  readonly #idleMs: number;
  readonly #startWorker: () => SigningWorker;
  readonly #keys = new Map<string, { pkcs8: Uint8Array; key: () => KeyObject }>();
  #members: Member[] = [];
  readonly #waiting: BoundedFifo<Job>;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #lastUse = 0;
  #failures = 0;
  #disposed = false;

  constructor(options: Rs256PoolOptions & Rs256PoolParts) {
    this.#size = options.workers ?? navigator.hardwareConcurrency;
    this.#idleMs = options.idleMs ?? 5_000;
    this.#waiting = new BoundedFifo(options.maxQueued ?? 1_000);
    this.#startWorker = options.startWorker ?? startModuleWorker;
  }

  importKey({ kid, pkcs8 }: { kid: string; pkcs8: Uint8Array }) {
    this.#keys.set(kid, { pkcs8, key: lazyPrivateKey(pkcs8) });
    for (const { worker } of this.#members) worker.postMessage({ type: "key", kid, pkcs8 });
    return {
      sign: (input: Uint8Array) => this.#sign(kid, input),
      forget: () => {
        this.#keys.delete(kid);
        for (const { worker } of this.#members) worker.postMessage({ type: "forget", kid });
      },
    };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#keys.clear();
    this.#stop();
  }

  async #sign(kid: string, input: Uint8Array): Promise<Uint8Array> {
    const key = this.#key(kid);
    this.#lastUse = performance.now();
    const ready = this.#members.filter(({ isReady }) => isReady);
    if (ready.length === 0) {
      const signature = sign("sha256", input, key);
      this.#start();
      return signature;
    }
    return await new Promise((resolve, reject) => {
      // A copy: what was asked for is signed, whatever the caller does with its bytes meanwhile.
      const job = { request: { kid, input: input.slice() }, resolve, reject };
      const idle = ready.find(({ batch }) => batch.length === 0);
      if (idle) this.#give(idle, [job]);
      else this.#waiting.push(job);
    });
  }

  #key(kid: string): KeyObject {
    const found = this.#keys.get(kid);
    if (found !== undefined) return found.key();
    throw revokedMeanwhile(kid);
  }

  /** Gives a worker that has nothing to do its share of what waits. */
  #refill(member: Member): void {
    const share = Math.ceil(this.#waiting.length / this.#members.length);
    this.#give(member, this.#take(Math.min(share, MAX_BATCH)));
  }

  #give(member: Member, batch: readonly Job[]): void {
    member.batch = batch;
    if (batch.length === 0) return;
    member.worker.postMessage({ type: "sign", requests: batch.map(({ request }) => request) });
  }

  #take(count: number): Job[] {
    const jobs: Job[] = [];
    while (jobs.length < count) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      // A worker would fail for want of the key.
      if (this.#keys.has(job.request.kid)) jobs.push(job);
      else job.reject(revokedMeanwhile(job.request.kid));
    }
    return jobs;
  }

  #start(): void {
    if (this.#disposed || this.#members.length > 0 || this.#failures >= MAX_FAILURES) return;
    try {
      for (let i = 0; i < this.#size; i++) this.#add(this.#startWorker());
    } catch {
      this.#failures = MAX_FAILURES;
      this.#stop();
    }
    if (this.#members.length > 0) this.#stopWhenIdle(this.#idleMs);
  }

  #add(worker: SigningWorker): void {
    const member: Member = { worker, isReady: false, batch: [] };
    this.#members.push(member);
    worker.onmessage = ({ data }) => this.#receive(member, data);
    worker.onerror = (event) => {
      // Unhandled, it would end the process.
      event.preventDefault();
      this.#failures++;
      this.#stop();
    };
    for (const [kid, { pkcs8 }] of this.#keys) worker.postMessage({ type: "key", kid, pkcs8 });
  }

  #receive(member: Member, message: FromWorker): void {
    if (message === "ready") {
      member.isReady = true;
      return this.#refill(member);
    }
    const done = member.batch;
    // Before anything else: the worker stands still until it has the next.
    this.#refill(member);
    for (const [index, signature] of message.entries()) done[index]!.resolve(signature);
  }

  /** Ends the workers; what they had not signed yet, and what waits, is signed here. */
  #stop(): void {
    clearTimeout(this.#idleTimer);
    const members = this.#members;
    this.#members = [];
    for (const { worker } of members) {
      // An answer on its way is late: what it is for is signed below.
      worker.onmessage = null;
      worker.terminate();
    }
    const left = members.flatMap(({ batch }) => batch).concat(this.#take(Infinity));
    for (const { request, resolve, reject } of left) {
      try {
        resolve(sign("sha256", request.input, this.#key(request.kid)));
      } catch (error) {
        reject(error);
      }
    }
  }

  // A web worker cannot be unreferenced: only ending it lets a finished process exit.
  #stopWhenIdle(afterMs: number): void {
    this.#idleTimer = setTimeout(() => {
      const idleFor = performance.now() - this.#lastUse;
      const isBusy = this.#members.some(({ batch }) => batch.length > 0);
      if (!isBusy && idleFor >= this.#idleMs) this.#stop();
      else this.#stopWhenIdle(Math.max(1, this.#idleMs - idleFor));
    }, afterMs);
  }
}

function startModuleWorker(): SigningWorker {
  return new Worker(new URL("./rs256_worker.ts", import.meta.url), { type: "module" });
}

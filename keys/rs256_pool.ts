import { type KeyObject, sign } from "node:crypto";
import { lazyPrivateKey } from "./lazy_private_key.ts";
import { revokedMeanwhile } from "./keyring_errors.ts";

/** What the pool needs of a Worker. */
export interface SigningWorker {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A message to a worker. */
export type ToWorker =
  | { readonly type: "key"; readonly kid: string; readonly pkcs8: Uint8Array }
  | { readonly type: "forget"; readonly kid: string }
  | {
    readonly type: "sign";
    readonly id: number;
    readonly kid: string;
    readonly input: Uint8Array;
  };

/** A message from a worker. */
export type FromWorker = "ready" | { readonly id: number; readonly signature: Uint8Array };

/** Options of {@link createRs256Pool}. */
export interface Rs256PoolOptions {
  /** How many workers sign RS256; 0 signs on the calling thread. Default one per core. */
  readonly workers?: number;
  /** After how many ms without a signature the workers end. Default 5,000. */
  readonly idleMs?: number;
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
  readonly kid: string;
  readonly input: Uint8Array;
  readonly resolve: (signature: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: SigningWorker;
  readonly jobs: Map<number, Job>;
  ready: boolean;
}

// A worker that fails this often (blocked by the platform, say) is not started again.
const MAX_FAILURES = 3;

class Pool implements Rs256Pool {
  readonly #size: number;
  readonly #idleMs: number;
  readonly #startWorker: () => SigningWorker;
  readonly #keys = new Map<string, { pkcs8: Uint8Array; key: () => KeyObject }>();
  readonly #members = new Set<Member>();
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #lastUse = 0;
  #failures = 0;
  #nextId = 0;
  #disposed = false;

  constructor(options: Rs256PoolOptions & Rs256PoolParts) {
    this.#size = options.workers ?? navigator.hardwareConcurrency;
    this.#idleMs = options.idleMs ?? 5_000;
    this.#startWorker = options.startWorker ?? startModuleWorker;
  }

  importKey({ kid, pkcs8 }: { kid: string; pkcs8: Uint8Array }) {
    this.#keys.set(kid, { pkcs8, key: lazyPrivateKey(pkcs8) });
    for (const { worker } of this.#members) worker.postMessage({ type: "key", kid, pkcs8 });
    return {
      sign: (input: Uint8Array) => this.#sign(kid, input),
      forget: () => this.#forget(kid),
    };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#stop();
    this.#keys.clear();
  }

  #forget(kid: string): void {
    this.#keys.delete(kid);
    for (const { worker } of this.#members) worker.postMessage({ type: "forget", kid });
  }

  async #sign(kid: string, input: Uint8Array): Promise<Uint8Array> {
    const key = this.#key(kid);
    this.#lastUse = performance.now();
    const member = this.#leastBusy();
    if (member === undefined) {
      const signature = sign("sha256", input, key);
      this.#start();
      return signature;
    }
    return await new Promise((resolve, reject) => {
      const id = this.#nextId++;
      member.jobs.set(id, { kid, input, resolve, reject });
      member.worker.postMessage({ type: "sign", id, kid, input });
    });
  }

  #key(kid: string): KeyObject {
    const found = this.#keys.get(kid);
    if (found !== undefined) return found.key();
    throw revokedMeanwhile(kid);
  }

  #leastBusy(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (member.ready && (!best || member.jobs.size < best.jobs.size)) best = member;
    }
    return best;
  }

  #start(): void {
    if (this.#disposed || this.#members.size > 0 || this.#failures >= MAX_FAILURES) return;
    try {
      for (let i = 0; i < this.#size; i++) this.#add(this.#startWorker());
    } catch {
      this.#failures = MAX_FAILURES;
      this.#stop();
    }
    if (this.#members.size > 0) this.#stopWhenIdle(this.#idleMs);
  }

  #add(worker: SigningWorker): void {
    const member: Member = { worker, jobs: new Map(), ready: false };
    this.#members.add(member);
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
      member.ready = true;
      return;
    }
    const job = member.jobs.get(message.id);
    member.jobs.delete(message.id);
    job?.resolve(message.signature);
  }

  /** Ends the workers; what they had not answered yet is signed here. */
  #stop(): void {
    clearTimeout(this.#idleTimer);
    const members = [...this.#members];
    this.#members.clear();
    for (const { worker } of members) worker.terminate();
    for (
      const { kid, input, resolve, reject } of members.flatMap(({ jobs }) => [...jobs.values()])
    ) {
      try {
        resolve(sign("sha256", input, this.#key(kid)));
      } catch (error) {
        reject(error);
      }
    }
  }

  // A web worker cannot be unreferenced: only ending it lets a finished process exit.
  #stopWhenIdle(afterMs: number): void {
    this.#idleTimer = setTimeout(() => {
      const idleFor = performance.now() - this.#lastUse;
      const isBusy = [...this.#members].some(({ jobs }) => jobs.size > 0);
      if (!isBusy && idleFor >= this.#idleMs) this.#stop();
      else this.#stopWhenIdle(Math.max(1, this.#idleMs - idleFor));
    }, afterMs);
  }
}

function startModuleWorker(): SigningWorker {
  return new Worker(new URL("./rs256_worker.ts", import.meta.url), { type: "module" });
}

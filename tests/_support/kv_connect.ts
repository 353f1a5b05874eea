/**
 * A KV Connect server (version 3 of the protocol) that fails as told, for the real `Deno.openKv`.
 * Protocol: https://github.com/denoland/denokv/blob/main/proto/kv-connect.md
 */
import { encodeHex } from "@std/encoding/hex";
import type { Kv, KvAtomic } from "../../kv/kv.ts";
import { eventually } from "./eventually.ts";
import { type Field, readFields, writeFields } from "./protobuf.ts";

/** What goes wrong from now on. */
export interface KvConnectFaults {
  /** Every call is answered by 503, which the client repeats without end. */
  down: boolean;
  /** Calls are carried out, and their answers held back. */
  hanging: boolean;
  /** How many commits are applied and answered by an error, as when a reply is lost. */
  dropCommitReplies: number;
}

/** A running server. */
export interface KvConnect extends AsyncDisposable {
  /** Where a client of another process finds it. */
  readonly url: string;
  readonly faults: KvConnectFaults;
  /** Paths of the calls so far. */
  readonly calls: string[];
  /** How many calls of clients have not settled. */
  readonly pending: number;
  /** A client; `lagging`: what it reads is as old as the last {@linkcode sync}. */
  open(options?: { lagging?: boolean }): Promise<Kv>;
  /** Brings the replica up to date. */
  sync(): void;
  /** Lets held answers go. */
  release(): void;
}

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly encoding: bigint;
  readonly versionstamp: Uint8Array;
}

type Entries = Map<string, Entry>;

const success = 1, checkFailure = 2;
const setValue = 1n, deleteValue = 2n;

/** Starts a server on a free port of loopback. */
export function kvConnect(): KvConnect {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", "tests-only-access-token");
  const faults: KvConnectFaults = { down: false, hanging: false, dropCommitReplies: 0 };
  const store: Entries = new Map();
  let replica: Entries = new Map();
  let version = 0n;
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const clients: Deno.Kv[] = [];
  const pending = { count: 0 };

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    const [, view, action] = pathname.split("/");
    if (action === undefined) return Response.json(metadata(view!));
    calls.push(action);
    if (faults.down) return new Response("down", { status: 503 });
    const reply = action === "atomic_write"
      ? commit(store, { body, versionstamp: () => stamp(++version) })
      : read(view === "lagging" ? replica : store, body);
    if (faults.hanging) await new Promise<void>((resolve) => held.push(resolve));
    if (action !== "atomic_write" || faults.dropCommitReplies === 0) {
      return new Response(reply as Uint8Array<ArrayBuffer>);
    }
    faults.dropCommitReplies--;
    return new Response("lost", { status: 502 });
  }

  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return {
    url: `${origin}/current`,
    faults,
    calls,
    get pending() {
      return pending.count;
    },
    async open({ lagging = false } = {}) {
      const path = lagging ? "lagging" : "current";
      const kv = await Deno.openKv(`${origin}/${path}`);
      clients.push(kv);
      return counted(kv, pending);
    },
    sync: () => void (replica = new Map(store)),
    release: () => held.splice(0).forEach((resolve) => resolve()),
    async [Symbol.asyncDispose]() {
      Object.assign(faults, { down: false, hanging: false, dropCommitReplies: 0 });
      this.release();
      // A client repeats what failed; it has to be heard before the server ends.
      await eventually(() => pending.count === 0);
      await server.shutdown();
      clients.forEach((kv) => kv.close());
    },
  };
}

/** A client whose unsettled calls are counted. */
function counted(kv: Deno.Kv, pending: { count: number }): Kv {
  const count = async <T>(call: Promise<T>): Promise<T> => {
    pending.count++;
    try {
      return await call;
    } finally {
      pending.count--;
    }
  };
  return {
    get: (key) => count(kv.get(key)),
    getMany: (keys) => count(kv.getMany(keys)),
    list: (selector, options) => kv.list(selector as Deno.KvListSelector, options),
    atomic() {
      const atomic = kv.atomic() as unknown as KvAtomic;
      const commit = atomic.commit.bind(atomic);
      return Object.assign(atomic, { commit: () => count(commit()) });
    },
    close: () => kv.close(),
  };
}

function metadata(view: string) {
  return {
    version: 3,
    databaseId: "11111111-2222-4333-8444-555555555555",
    endpoints: [{ url: `/${view}`, consistency: "strong" }],
    token: "tests-only-data-token",
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
}

/** SnapshotRead → SnapshotReadOutput. */
function read(entries: Entries, body: Uint8Array): Uint8Array {
  const ranges = all(body, 1).map((range) => {
    const [start, end] = [bytes(range, 1), bytes(range, 2)].map((key) => encodeHex(key!));
    const found = [...entries].filter(([key]) => key >= start! && key < end!)
      .sort(([left], [right]) => left < right ? -1 : 1);
    if (number(range, 4) === 1n) found.reverse();
    const values = found.slice(0, Number(number(range, 3))).map(([, entry]) =>
      writeFields({ 1: entry.key, 2: entry.value, 3: entry.encoding, 4: entry.versionstamp })
    );
    return writeFields({ 1: values });
  });
  return writeFields({ 1: ranges, 4: 1, 8: success });
}

/** AtomicWrite → AtomicWriteOutput. */
function commit(
  entries: Entries,
  { body, versionstamp }: { body: Uint8Array; versionstamp: () => Uint8Array },
): Uint8Array {
  for (const check of all(body, 1)) {
    const found = entries.get(encodeHex(bytes(check, 1)!))?.versionstamp ?? new Uint8Array();
    if (encodeHex(found) !== encodeHex(bytes(check, 2) ?? new Uint8Array())) {
      return writeFields({ 1: checkFailure });
    }
  }
  const stamp = versionstamp();
  for (const mutation of all(body, 2)) {
    const key = bytes(mutation, 1)!;
    const type = number(mutation, 3);
    const name = encodeHex(key);
    if (type === deleteValue) entries.delete(name);
    else if (type === setValue) {
      const value = bytes(mutation, 2)!;
      entries.set(name, {
        key,
        value: bytes(value, 1) ?? new Uint8Array(),
        encoding: number(value, 2),
        versionstamp: stamp,
      });
    } else throw new Error(`mutation ${type} is not used by Signet`);
  }
  return writeFields({ 1: success, 2: stamp });
}

function stamp(version: bigint): Uint8Array {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setBigUint64(0, version);
  return bytes;
}

function values(message: Uint8Array, wanted: number): Field["value"][] {
  return [...readFields(message)].filter(({ number }) => number === wanted).map(({ value }) =>
    value
  );
}

function all(message: Uint8Array, wanted: number): Uint8Array[] {
  return values(message, wanted) as Uint8Array[];
}

function bytes(message: Uint8Array, wanted: number): Uint8Array | undefined {
  return all(message, wanted).at(-1);
}

function number(message: Uint8Array, wanted: number): bigint {
  return (values(message, wanted).at(-1) ?? 0n) as bigint;
}

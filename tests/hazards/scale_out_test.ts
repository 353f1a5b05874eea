/** Three issuer processes on one store, through rotations and, where the store is a server, its end. */
import { assertEquals, assertNotEquals } from "@std/assert";
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { denokvServer, lacksDenokv } from "../_support/denokv.ts";
import { eventually } from "../_support/eventually.ts";
import { kvConnect } from "../_support/kv_connect.ts";
import {
  headerOf,
  type IsolateProcess,
  isolateProcess,
  processIssuer,
  quickAudience,
} from "./isolate_process.ts";

const minute = 60_000, hour = 60 * minute, day = 24 * hour;
const audiences = [quickAudience, "https://api.acme.test"];

/** What the processes share. */
interface SharedStore extends AsyncDisposable {
  readonly path: string;
  /** Ways in which it can go away, and its return; none where there is no server. */
  readonly outages: readonly { stop(): unknown; start(): unknown }[];
}

/** A relying party that looks at the JWKS once a day, whatever it meets meanwhile. */
class DailyRelyingParty {
  #keys?: { at: number; jwks: JSONWebKeySet };

  async look({ now, at }: { now: number; at: IsolateProcess }): Promise<void> {
    if (this.#keys !== undefined && now - this.#keys.at < day) return;
    this.#keys = { at: now, jwks: await at.jwks() };
  }

  /** Throws unless it takes the token at each of these times. */
  async verify(token: string, times: readonly number[]): Promise<void> {
    const keys = createLocalJWKSet(this.#keys!.jwks);
    for (const time of times) {
      await jwtVerify(token, keys, { issuer: processIssuer, currentDate: new Date(time) });
    }
  }
}

/** Three issuers with one clock, which only moves forward. */
class Deployment implements AsyncDisposable {
  readonly processes: readonly IsolateProcess[];
  readonly relyingParty = new DailyRelyingParty();
  readonly acknowledged: string[] = [];
  readonly kids = new Set<string>();
  secret = "";
  #offset = 0;
  #serial = 0;

  constructor(processes: readonly IsolateProcess[]) {
    this.processes = processes;
  }

  static async start(path: string): Promise<Deployment> {
    return new Deployment(
      await Promise.all([path, path, path].map((each) => isolateProcess(each, { stderr: "null" }))),
    );
  }

  async pass(ms: number): Promise<void> {
    this.#offset += ms;
    await Promise.all(this.processes.map((each) => each.send({ offset: this.#offset })));
  }

  /** Every process mints for every audience; nobody may refuse, nor may the relying party. */
  async mintAndVerify(): Promise<void> {
    const now = Date.now() + this.#offset;
    await this.relyingParty.look({ now, at: this.#next() });
    const asked = this.processes.flatMap((each) =>
      audiences.map((audience) => each.token(this.secret, audience))
    );
    for (const token of await Promise.all(asked)) {
      if (token === undefined) throw new Error("a token was refused");
      this.kids.add(headerOf(token).kid);
      await this.relyingParty.verify(token, [now, decodeJwt(token).exp! * 1000 - 1000]);
    }
  }

  /** Registers a workload at some process; 201: it is there for good. */
  async write(): Promise<number> {
    const id = `web-${this.#serial}`;
    const web = { id, org: "acme", app: id, context: "production", audiences: ["*"] };
    const { status } = await this.#next().admin("POST", "workloads", web);
    if (status === 201) this.acknowledged.push(id);
    return status;
  }

  /** Each process in turn. */
  #next(): IsolateProcess {
    return this.processes[this.#serial++ % this.processes.length]!;
  }

  /** Registers the workload that asks for tokens. */
  async register(): Promise<void> {
    assertEquals(await this.write(), 201);
    const path = `workloads/${this.acknowledged[0]}/credentials`;
    const answer = await this.processes[0]!.admin("POST", path, { type: "request_token" });
    this.secret = JSON.parse(answer.body).secret;
  }

  /** Twelve hours a step; all do what is due at once. */
  async liveFor(days: number): Promise<void> {
    for (let step = 0; step < days * 2; step++) {
      await this.pass(12 * hour);
      const done = await Promise.all(this.processes.map((each) => each.send({ maintain: true })));
      assertEquals(done.map(({ status }) => status), [200, 200, 200]);
      await this.mintAndVerify();
      assertEquals(await this.write(), 201);
    }
  }

  /** The store goes away under ten writes, for eight minutes, and comes back. */
  async outlive({ stop, start }: SharedStore["outages"][number]): Promise<void> {
    const writes = Array.from({ length: 10 }, () => this.write());
    await writes[0];
    await stop();
    for (let minutes = 2; minutes <= 8; minutes += 3) {
      await this.pass(3 * minute);
      await this.mintAndVerify();
    }
    assertEquals(await this.write(), 503);
    await Promise.all(writes);
    await start();
    await this.pass(10_000);
    // The client itself waits before it tries a server again that was away.
    await eventually(async () => await this.write() === 201);
  }

  /** Nothing that was acknowledged is lost, and all see the same. */
  async assertWhole(): Promise<void> {
    await this.pass(2 * minute);
    const sets = await Promise.all(this.processes.map((each) => each.jwks()));
    const lists = await Promise.all(this.processes.map((each) => this.#workloads(each)));
    for (const set of sets) assertEquals(set, sets[0]);
    for (const ids of lists) {
      assertEquals(this.acknowledged.filter((id) => !ids.has(id)), []);
    }
    const { epochs } = JSON.parse((await this.processes[0]!.admin("GET", "keys")).body);
    for (const epoch of Object.values(epochs)) assertNotEquals(epoch, 1);
  }

  async #workloads(process: IsolateProcess): Promise<Set<string>> {
    const { body } = await process.admin("GET", "workloads?limit=200");
    const { workloads } = JSON.parse(body) as { workloads: { id: string }[] };
    return new Set(workloads.map(({ id }) => id));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.processes.map((each) => each[Symbol.asyncDispose]()));
  }
}

async function liveThroughItAll(store: SharedStore): Promise<void> {
  await using deployment = await Deployment.start(store.path);
  await deployment.register();
  await deployment.mintAndVerify();
  await deployment.liveFor(7);
  for (const outage of store.outages) {
    await deployment.outlive(outage);
    await deployment.liveFor(2);
  }
  await deployment.liveFor(8);
  await deployment.assertWhole();
  // Two families, each with the first key and those that took over after one and two weeks.
  assertEquals(deployment.kids.size, 2 * 3);
}

async function sqliteFile(): Promise<SharedStore> {
  const folder = await Deno.makeTempDir();
  return {
    path: `${folder}/kv.sqlite`,
    outages: [],
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

function kvConnectDouble(): SharedStore {
  const server = kvConnect();
  const { faults } = server;
  return {
    path: server.url,
    outages: [{ stop: () => faults.down = true, start: () => faults.down = false }],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function denokv(): Promise<SharedStore> {
  const server = await denokvServer();
  const outage = (signal: "SIGTERM" | "SIGKILL") => ({
    stop: () => server.stop(signal),
    start: () => server.start(),
  });
  return {
    path: server.url,
    outages: [outage("SIGTERM"), outage("SIGKILL")],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test("three issuers on one SQLite file rotate for weeks, and no token is refused", async () => {
  await using store = await sqliteFile();
  await liveThroughItAll(store);
});

Deno.test("three issuers over KV Connect rotate for weeks through an outage, and no token is refused", async () => {
  await using store = kvConnectDouble();
  await liveThroughItAll(store);
});

Deno.test({
  name: "three issuers on one denokv rotate for weeks while it ends twice, and no token is refused",
  ignore: lacksDenokv(),
  async fn() {
    await using store = await denokv();
    await liveThroughItAll(store);
  },
});

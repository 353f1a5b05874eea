import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { KeyringError } from "../../keys/errors.ts";
import { DEFAULT_KEY_POLICY as policy } from "../../keys/key_policy.ts";
import type { KeyRecord, KeysetRecord } from "../../keys/key_record.ts";
import { keyState } from "../../keys/lifecycle.ts";
import type { Keyring } from "../../keys/keyring.ts";
import { decodeValue } from "../../kv/encode_value.ts";
import type { Kv, KvAtomic } from "../../kv/kv.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { faultyKv } from "../kv/faulty_kv.ts";
import { DAY, HOUR, instant, MINUTE, SECOND, settle, setUp } from "./support.ts";

type Step =
  | { do: "advance"; ms: number }
  | { do: "sign" | "maintain" | "rotate" | "emergency" | "restart"; isolate: number }
  | { do: "revoke"; isolate: number; key: number }
  | { do: "loseReply" }
  | { do: "lock" };

const ISOLATES = 3;
// Pairwise within the clock skew that the policy allows for.
const SKEWS = [0, 29_000, -29_000];

const isolate = fc.nat(ISOLATES - 1);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("sign" as const), isolate }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("advance" as const),
        ms: fc.constantFrom(1, SECOND, 31_500, MINUTE, HOUR, DAY, 26 * HOUR, 7 * DAY, 40 * DAY),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom(...["maintain", "rotate", "emergency", "restart"] as const),
        isolate,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("revoke" as const), isolate, key: fc.nat(5) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("loseReply" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("lock" as const) }) },
  ),
  { minLength: 10, maxLength: 60 },
);

interface Commit {
  readonly record: KeysetRecord;
  readonly at: number;
  readonly by: string;
}

/** Isolates on one store, with every commit and every signature written down. */
class World {
  readonly commits: Commit[] = [];
  readonly signatures: { kid: string; at: number }[] = [];
  readonly #setUp = setUp();
  readonly #store = faultyKv(this.#recording(memoryKv()));
  readonly #isolates: Keyring[] = [];
  #step = "start";

  async start(): Promise<void> {
    for (const skew of SKEWS) this.#isolates.push(this.#open(skew));
    await this.#isolates[0]!.start();
  }

  async run(step: Step): Promise<void> {
    this.#step = step.do;
    if (step.do === "advance") this.#setUp.clock.advance(step.ms);
    else if (step.do === "loseReply") this.#store.faults.dropReply = 1;
    else if (step.do === "lock") this.#store.faults.locked = 3;
    else await this.#runOn(step.isolate, step);
    // Only signing starts work in the background; it overlaps with what comes next every other time.
    if (step.do === "sign" && this.signatures.length % 2 === 0) await settle();
  }

  async #runOn(index: number, step: Step): Promise<void> {
    const keyring = this.#isolates[index]!;
    if (step.do === "sign") return await this.#sign(keyring);
    if (step.do === "restart") {
      await keyring[Symbol.asyncDispose]();
      this.#isolates[index] = this.#open(SKEWS[index]!);
      return;
    }
    if (step.do === "revoke") {
      const { keys } = this.latest;
      // What is at the end of its tail may be removed by another at this very moment.
      await keyring.revoke(keys[step.key % keys.length]!.kid).catch((error) => {
        assertEquals(error.code, "key_unknown");
      });
      return;
    }
    if (step.do === "maintain") await keyring.maintain();
    else await keyring.rotate({ emergency: step.do === "emergency" });
    const decidedAt = Math.max(this.now + SKEWS[index]!, this.latest.lastSeenTime);
    assert(this.#inState("published", decidedAt).length > 0, `no spare after ${step.do}`);
  }

  async #sign(keyring: Keyring): Promise<void> {
    try {
      const { kid } = await keyring.signingKey("EdDSA");
      this.signatures.push({ kid, at: this.now });
    } catch (error) {
      // An isolate whose clock is far behind the last writer's has to wait.
      assert(error instanceof KeyringError && error.code === "clock_went_back", String(error));
    }
  }

  check(): void {
    assertEquals(this.#inState("active", this.now).length, 1, "exactly one key is active");
    for (const { kid, at } of this.signatures) {
      const compromised = this.#history(kid).find(({ key }) => key.compromisedAt !== null);
      if (compromised === undefined) this.#assertStillPublished(kid, at);
      else assert(at <= compromised.at + MINUTE, "a compromised key signed");
    }
  }

  /** What must hold for the whole history, not only at each moment. */
  checkHistory(): void {
    assertEquals(this.commits.map(({ record }) => record.epoch), this.commits.map((_, i) => i + 1));
    assertEquals(
      new Set(this.commits.map(({ record }) => record.writeId)).size,
      this.commits.length,
    );
    this.#checkTimesOnlyGrow();
    this.#checkKidsDoNotReturn();
    for (const { kid, at } of this.signatures) this.#assertPublishedBefore(kid, at);
    assert(JSON.stringify(this.latest).length < 200_000, "the record stays small");
  }

  async end(): Promise<void> {
    for (const keyring of this.#isolates) await keyring[Symbol.asyncDispose]();
  }

  get latest(): KeysetRecord {
    return this.commits.at(-1)!.record;
  }

  get now(): number {
    return this.#setUp.clock.ms;
  }

  #open(skew: number): Keyring {
    const { clock, isolate } = this.#setUp;
    return isolate({ kv: instant(this.#store.kv), now: () => clock.ms + skew });
  }

  // Stands below the faults: it writes down what was applied, whatever the isolate is told.
  #recording(kv: Kv): Kv {
    const wrap = (operation: KvAtomic): KvAtomic => {
      let record: KeysetRecord | undefined;
      const wrapped: KvAtomic = {
        check: (...checks) => (operation.check(...checks), wrapped),
        set: (key, value) => {
          record = decodeValue(key, value) as KeysetRecord;
          operation.set(key, value);
          return wrapped;
        },
        delete: (key) => (operation.delete(key), wrapped),
        commit: async () => {
          const result = await operation.commit();
          if (result.ok && record) this.commits.push({ record, at: this.now, by: this.#step });
          return result;
        },
      };
      return wrapped;
    };
    return {
      get: (key) => kv.get(key),
      getMany: (keys) => kv.getMany(keys),
      list: (selector, options) => kv.list(selector, options),
      close: () => kv.close(),
      atomic: () => wrap(kv.atomic()),
    };
  }

  #inState(state: string, now: number): KeyRecord[] {
    return this.latest.keys.filter((key) => keyState(key, now) === state);
  }

  #history(kid: string): { key: KeyRecord; at: number; by: string }[] {
    return this.commits.flatMap(({ record, at, by }) =>
      record.keys.filter((key) => key.kid === kid).map((key) => ({ key, at, by }))
    );
  }

  #assertStillPublished(kid: string, signedAt: number): void {
    const needed = this.now < signedAt + HOUR + policy.leeway;
    const key = this.latest.keys.find((key) => key.kid === kid);
    const published = key !== undefined &&
      ["published", "active", "retired"].includes(keyState(key, this.now));
    assert(published || !needed, "a token outlived its key");
  }

  #assertPublishedBefore(kid: string, signedAt: number): void {
    const history = this.#history(kid);
    if (history.some(({ key }) => key.bootstrap || key.emergency)) return;
    const lead = signedAt - history[0]!.at;
    assert(lead >= policy.lead - policy.clockSkew, `a key signed ${lead} ms after its publication`);
  }

  #checkTimesOnlyGrow(): void {
    for (
      const kid of new Set(this.commits.flatMap(({ record }) => record.keys.map((k) => k.kid)))
    ) {
      const history = this.#history(kid);
      for (const [index, { key, by }] of history.entries()) {
        const before = history[index - 1]?.key;
        if (before === undefined || ["rotate", "emergency", "revoke"].includes(by)) continue;
        assertEquals(key.notBefore, before.notBefore);
        assert(before.retireAt === null || key.retireAt! >= before.retireAt);
        assert(before.removeAt === null || key.removeAt! >= before.removeAt);
      }
    }
  }

  #checkKidsDoNotReturn(): void {
    const gone = new Set<string>();
    const compromised = new Set<string>();
    let before = new Set<string>();
    for (const { record } of this.commits) {
      const kids = record.keys.map(({ kid }) => kid);
      assertEquals(new Set(kids).size, kids.length, "a kid stands twice in a record");
      for (const key of record.keys) {
        assert(!gone.has(key.kid), "a removed key came back");
        if (key.compromisedAt !== null) {
          compromised.add(key.kid);
          assertEquals(key.sealed, null);
        } else assert(!compromised.has(key.kid), "a compromised key came back");
      }
      for (const kid of before) if (!kids.includes(kid)) gone.add(kid);
      before = new Set(kids);
    }
  }
}

Deno.test("createKeyring keeps its promises in any sequence of events", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const world = new World();
      await world.start();
      try {
        for (const step of sequence) {
          await world.run(step);
          world.check();
        }
        world.checkHistory();
      } finally {
        await world.end();
      }
    }),
    { numRuns: 100 },
  );
});

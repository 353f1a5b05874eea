import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { createSigners } from "../../keys/create_signers.ts";
import { KeyringError } from "../../keys/errors.ts";
import { type GeneratedKey, generateKey } from "../../keys/generate_key.ts";
import type { SigningWorker, SignRequest, ToWorker } from "../../keys/rs256_messages.ts";
import { createRs256Pool } from "../../keys/rs256_pool.ts";

const rsaKey = await generateKey("RS256");
const pkcs8 = rsaKey.privateKey;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function verifies(
  signature: Uint8Array,
  { input, by = rsaKey }: { input: Uint8Array; by?: GeneratedKey },
): Promise<boolean> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const jwk = { ...by.publicKey };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  return await crypto.subtle.verify(algorithm, key, signature.slice(), input.slice());
}

Deno.test("createSigners signs many RS256 inputs in order and correctly", async () => {
  await using signers = createSigners({ workers: 2 });
  const signer = await signers.importKey({ alg: "RS256", kid: rsaKey.kid, pkcs8 });
  const inputs = Array.from({ length: 40 }, (_, i) => bytes(`input ${i}`));
  const signatures = await Promise.all(inputs.map((input) => signer.sign(input)));
  for (const [i, signature] of signatures.entries()) {
    assert(await verifies(signature, { input: inputs[i]! }));
  }
});

Deno.test("createRs256Pool has real workers sign for the right key, many at once", async () => {
  const other = await generateKey("RS256");
  const answers: number[] = [];
  const ready: Promise<void>[] = [];
  const startWorker = (): SigningWorker => {
    const url = new URL("../../keys/rs256_worker.ts", import.meta.url);
    const worker = new Worker(url, { type: "module" });
    ready.push(
      new Promise((resolve) => {
        worker.addEventListener("message", ({ data }) => {
          if (data === "ready") resolve();
          else answers.push(data.length);
        });
      }),
    );
    return worker;
  };
  using pool = createRs256Pool({ workers: 2, startWorker });
  const keys = [rsaKey, other].map((by) => {
    const { sign } = pool.importKey({ kid: by.kid, pkcs8: by.privateKey });
    return { by, sign };
  });
  await keys[0]!.sign(bytes("starts the workers"));
  await Promise.all(ready);
  await new Promise((resolve) => setTimeout(resolve));
  const asked = Array.from({ length: 40 }, (_, index) => {
    const { by, sign } = keys[index % 2]!;
    const input = bytes(`input ${index}`);
    return { by, input, signature: sign(input) };
  });
  // Whoever asks may use its bytes for something else meanwhile.
  for (const { input } of asked) input.fill(0);
  for (const [index, { by, signature }] of asked.entries()) {
    assert(await verifies(await signature, { input: bytes(`input ${index}`), by }));
  }
  assertEquals(answers.reduce((sum, count) => sum + count), 40);
  assert(Math.max(...answers) > 1, `in batches of ${answers}`);
});

/** Workers that answer when told, by the same messages as real ones; a signature names its key and input. */
function fakeWorkers() {
  const workers: FakeWorker[] = [];
  const startWorker = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  return { workers, startWorker };
}

class FakeWorker implements SigningWorker {
  readonly sent: ToWorker[] = [];
  ended = false;
  onmessage: SigningWorker["onmessage"] = null;
  onerror: SigningWorker["onerror"] = null;

  postMessage(message: ToWorker) {
    this.sent.push(structuredClone(message));
  }
  terminate() {
    this.ended = true;
  }
  batches(): (readonly SignRequest[])[] {
    return this.sent.flatMap((message) => message.type === "sign" ? [message.requests] : []);
  }
  inputs(): string[][] {
    return this.batches().map((requests) => requests.map(({ input }) => text(input)));
  }
  ready() {
    this.onmessage!(new MessageEvent("message", { data: "ready" }));
  }
  answer() {
    const data = this.batches().at(-1)!.map(({ kid, input }) => bytes(`${kid}:${text(input)}`));
    this.onmessage!(new MessageEvent("message", { data }));
  }
}

/** A pool whose workers are all ready. */
async function readyPool({ workers: count = 2, maxQueued = 1_000, keys = ["k"] } = {}) {
  const { workers, startWorker } = fakeWorkers();
  const pool = createRs256Pool({ workers: count, startWorker, maxQueued });
  const imported = keys.map((kid) => pool.importKey({ kid, pkcs8 }));
  await imported[0]!.sign(bytes("starts the workers"));
  for (const worker of workers) worker.ready();
  const sign = (input: string, key = imported[0]!) => key.sign(bytes(input)).then(text);
  return { workers, keys: imported, sign, [Symbol.dispose]: () => pool[Symbol.dispose]() };
}

Deno.test("createRs256Pool signs here until a worker is ready", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 2, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8 });
  for (const input of ["the first", "no worker is ready yet"]) {
    assert(await verifies(await key.sign(bytes(input)), { input: bytes(input) }));
  }
  assertEquals(workers.map(({ sent }) => sent), [
    [{ type: "key", kid: "k", pkcs8 }],
    [{ type: "key", kid: "k", pkcs8 }],
  ]);
  workers[1]!.ready();
  const answer = key.sign(bytes("in a worker"));
  const waiting = key.sign(bytes("for whoever is ready next"));
  workers[0]!.ready();
  for (const worker of workers) worker.answer();
  assertEquals(text(await answer), "k:in a worker");
  assertEquals(text(await waiting), "k:for whoever is ready next");
});

Deno.test("createRs256Pool gives what waits to the workers in order, shared out, eight at most", async () => {
  using pool = await readyPool();
  const [first, second] = pool.workers;
  const inputs = Array.from({ length: 25 }, (_, i) => `${i}`);
  const answers = Promise.all(inputs.map((input) => pool.sign(input)));
  assertEquals([first!.inputs(), second!.inputs()], [[["0"]], [["1"]]]);
  second!.answer();
  assertEquals(second!.inputs().at(-1), inputs.slice(2, 10), "eight of 23");
  first!.answer();
  assertEquals(first!.inputs().at(-1), inputs.slice(10, 18), "its half of 15");
  first!.answer();
  assertEquals(first!.inputs().at(-1), inputs.slice(18, 22), "half of 7");
  second!.answer();
  assertEquals(second!.inputs().at(-1), inputs.slice(22, 24), "half of 3");
  for (const worker of [first!, second!, first!]) worker.answer();
  assertEquals(await answers, inputs.map((input) => `k:${input}`));
});

Deno.test("createRs256Pool refuses what exceeds its bound and recovers", async () => {
  using pool = await readyPool({ workers: 1, maxQueued: 2 });
  const accepted = Promise.all(["0", "1", "2"].map((input) => pool.sign(input)));
  const refused = assertRejects(() => pool.sign("3"), KeyringError, "2 signatures wait");
  for (let batch = 0; batch < 2; batch++) pool.workers[0]!.answer();
  assertEquals((await refused).code, "signing_busy");
  assertEquals(await accepted, ["k:0", "k:1", "k:2"]);
  const later = pool.sign("4");
  pool.workers[0]!.answer();
  assertEquals(await later, "k:4");
});

Deno.test("createRs256Pool lets none wait with a bound of 0, and workers sign all the same", async () => {
  using pool = await readyPool({ workers: 2, maxQueued: 0 });
  const answers = Promise.all([pool.sign("0"), pool.sign("1")]);
  const refused = assertRejects(() => pool.sign("2"), KeyringError);
  for (const worker of pool.workers) worker.answer();
  assertEquals((await refused).code, "signing_busy");
  assertEquals(await answers, ["k:0", "k:1"]);
});

Deno.test("createRs256Pool signs nothing more once it is disposed", async () => {
  const pool = await readyPool({ workers: 1 });
  const refused = ["running", "waiting"].map((input) => assertRejects(() => pool.sign(input)));
  pool[Symbol.dispose]();
  await Promise.all(refused);
  assertEquals([pool.workers[0]!.ended, pool.workers[0]!.onmessage], [true, null]);
});

Deno.test("createRs256Pool never sends a worker what waited for a key forgotten meanwhile", async () => {
  using pool = await readyPool({ workers: 1, keys: ["gone", "kept"] });
  const [gone, kept] = pool.keys;
  const running = pool.sign("running", gone);
  const waiting = pool.sign("waiting", gone);
  const other = pool.sign("other", kept);
  gone!.forget();
  pool.workers[0]!.answer();
  assertEquals(pool.workers[0]!.inputs(), [["running"], ["other"]]);
  assertEquals(await running, "gone:running");
  const error = await assertRejects(() => waiting, KeyringError);
  assertEquals(error.code, "key_revoked");
  pool.workers[0]!.answer();
  assertEquals(await other, "kept:other");
});

Deno.test("createRs256Pool answers each caller with its own signature, whatever the order", async () => {
  const act = fc.oneof(
    fc.record({ sign: fc.integer({ min: 0, max: 1 }), count: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ answer: fc.nat(2) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      using pool = await readyPool({ workers: 3, keys: ["a", "b"] });
      const asked: Promise<string>[] = [];
      const answered = [0, 0, 0];
      const running = (index: number) => pool.workers[index]!.batches().length - answered[index]!;
      const answer = (index: number) => {
        if (running(index) === 0) return;
        answered[index]!++;
        pool.workers[index]!.answer();
      };
      const wanted: string[] = [];
      for (const step of acts) {
        if ("answer" in step) answer(step.answer);
        else {
          for (let i = 0; i < step.count; i++) {
            wanted.push(`${"ab"[step.sign]}:${wanted.length}`);
            asked.push(pool.sign(`${asked.length}`, pool.keys[step.sign]));
          }
        }
        for (const index of answered.keys()) assert(running(index) <= 1, "one batch at a time");
      }
      for (let i = 0; i < asked.length; i++) answered.forEach((_, index) => answer(index));
      for (const batch of pool.workers.flatMap((worker) => worker.batches())) {
        assert(batch.length <= 8);
      }
      assertEquals(await Promise.all(asked), wanted);
    }),
    { numRuns: 200 },
  );
});

Deno.test("createRs256Pool signs here what a failing worker leaves behind", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8 });
  const input = bytes("left behind");
  for (let failure = 0; failure < 5; failure++) {
    await key.sign(input);
    if (failure >= 3) continue;
    workers[failure]!.ready();
    const running = key.sign(input);
    const waiting = key.sign(bytes("waiting"));
    const event = new ErrorEvent("error", { cancelable: true });
    workers[failure]!.onerror!(event);
    assertEquals(event.defaultPrevented, true);
    assert(await verifies(await running, { input }));
    assert(await verifies(await waiting, { input: bytes("waiting") }));
  }
  assertEquals(workers.length, 3, "it stops trying");
  assertEquals(workers.every(({ ended }) => ended), true);
});

Deno.test("createRs256Pool works where no worker can be started", async () => {
  let tries = 0;
  const startWorker = () => {
    tries++;
    throw new TypeError("workers are not supported");
  };
  using pool = createRs256Pool({ workers: 2, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8 });
  for (let i = 0; i < 3; i++) {
    assert(await verifies(await key.sign(bytes("x")), { input: bytes("x") }));
  }
  assertEquals(tries, 1);
});

Deno.test("createRs256Pool ends idle workers and starts them again", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker, idleMs: 5 });
  const key = pool.importKey({ kid: "k", pkcs8 });
  await key.sign(bytes("x"));
  for (let turn = 0; turn < 2_000 && !workers[0]!.ended; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await key.sign(bytes("x"));
  assertEquals(workers.length, 2);
});

Deno.test("createRs256Pool takes a forgotten key from its workers and signs no more", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8 });
  await key.sign(bytes("x"));
  key.forget();
  assertEquals(workers[0]!.sent.at(-1), { type: "forget", kid: "k" });
  const error = await assertRejects(() => key.sign(bytes("x")), KeyringError);
  assertEquals(error.code, "key_revoked");
});

Deno.test("createRs256Pool in a program that forgets it lets the program end", async () => {
  const program = `
    import { createRs256Pool } from ${
    JSON.stringify(import.meta.resolve("../../keys/rs256_pool.ts"))
  };
    const pool = createRs256Pool({ idleMs: 50 });
    const pkcs8 = Uint8Array.from(${JSON.stringify([...pkcs8])});
    const key = pool.importKey({ kid: "k", pkcs8 });
    for (let i = 0; i < 50; i++) await key.sign(new Uint8Array(9));
    console.log("signed");`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "-A", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(bytes(program));
  await writer.close();
  const { code, stdout } = await child.output();
  assertEquals([code, new TextDecoder().decode(stdout).trim()], [0, "signed"]);
});

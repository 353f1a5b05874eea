import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { createSigners } from "../../keys/create_signers.ts";
import { KeyringError } from "../../keys/errors.ts";
import { generateKey } from "../../keys/generate_key.ts";
import type { SigningWorker, SignRequest, ToWorker } from "../../keys/rs256_messages.ts";
import { createRs256Pool } from "../../keys/rs256_pool.ts";

const rsaKey = await generateKey("RS256");
const pkcs8 = rsaKey.privateKey;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function verifies(signature: Uint8Array, input: Uint8Array): Promise<boolean> {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "jwk",
    { ...rsaKey.publicKey },
    algorithm,
    false,
    ["verify"],
  );
  return await crypto.subtle.verify(
    algorithm,
    key,
    new Uint8Array(signature),
    new Uint8Array(input),
  );
}

Deno.test("createSigners signs many RS256 inputs in order and correctly", async () => {
  await using signers = createSigners({ workers: 2 });
  const signer = await signers.importKey({ alg: "RS256", kid: rsaKey.kid, pkcs8 });
  const inputs = Array.from({ length: 40 }, (_, i) => bytes(`input ${i}`));
  const signatures = await Promise.all(inputs.map((input) => signer.sign(input)));
  for (const [i, signature] of signatures.entries()) assert(await verifies(signature, inputs[i]!));
});

/** Workers that answer when told, by the same messages as real ones; a signature repeats its input. */
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
    const data = this.batches().at(-1)!.map(({ input }) => input);
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
    assert(await verifies(await key.sign(bytes(input)), bytes(input)));
  }
  assertEquals(workers.map(({ sent }) => sent), [
    [{ type: "key", kid: "k", pkcs8 }],
    [{ type: "key", kid: "k", pkcs8 }],
  ]);
  workers[1]!.ready();
  const answer = key.sign(bytes("in a worker"));
  workers[1]!.answer();
  assertEquals(text(await answer), "in a worker");
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
  assertEquals(await answers, inputs);
});

Deno.test("createRs256Pool refuses what exceeds its bound and recovers", async () => {
  using pool = await readyPool({ workers: 1, maxQueued: 2 });
  const accepted = Promise.all(["0", "1", "2"].map((input) => pool.sign(input)));
  const refused = assertRejects(() => pool.sign("3"), KeyringError, "2 signatures wait");
  for (let batch = 0; batch < 2; batch++) pool.workers[0]!.answer();
  assertEquals((await refused).code, "signing_busy");
  assertEquals(await accepted, ["0", "1", "2"]);
  const later = pool.sign("4");
  pool.workers[0]!.answer();
  assertEquals(await later, "4");
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
  assertEquals(await running, "running");
  const error = await assertRejects(() => waiting, KeyringError);
  assertEquals(error.code, "key_revoked");
  pool.workers[0]!.answer();
  assertEquals(await other, "other");
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
      for (const step of acts) {
        if ("answer" in step) answer(step.answer);
        else {
          for (let i = 0; i < step.count; i++) {
            asked.push(pool.sign(`${asked.length}`, pool.keys[step.sign]));
          }
        }
        for (const index of answered.keys()) assert(running(index) <= 1, "one batch at a time");
      }
      for (let i = 0; i < asked.length; i++) answered.forEach((_, index) => answer(index));
      for (const batch of pool.workers.flatMap((worker) => worker.batches())) {
        assert(batch.length <= 8);
      }
      assertEquals(await Promise.all(asked), asked.map((_, index) => `${index}`));
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
    assert(await verifies(await running, input));
    assert(await verifies(await waiting, bytes("waiting")));
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
  for (let i = 0; i < 3; i++) assert(await verifies(await key.sign(bytes("x")), bytes("x")));
  assertEquals(tries, 1);
});

Deno.test("createRs256Pool ends idle workers and starts them again", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker, idleMs: 5 });
  const key = pool.importKey({ kid: "k", pkcs8 });
  await key.sign(bytes("x"));
  while (!workers[0]!.ended) await new Promise((resolve) => setTimeout(resolve, 1));
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

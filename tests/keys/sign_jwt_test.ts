import { assert, assertEquals, assertRejects } from "@std/assert";
import { importJWK, jwtVerify } from "jose";
import fc from "fast-check";
import { ALGORITHMS } from "../../keys/algorithm.ts";
import { toBase64Url } from "../../keys/base64url.ts";
import { KeyringError } from "../../keys/errors.ts";
import { generateKey } from "../../keys/generate_key.ts";
import { toPublicJwk } from "../../keys/jwks.ts";
import { createRs256Pool, type SigningWorker } from "../../keys/rs256_pool.ts";
import { createSigners, type SignersOptions } from "../../keys/create_signers.ts";
import { encodeHeader, signJwt } from "../../keys/sign_jwt.ts";
import { encodeBase64Url } from "@std/encoding/base64url";

const rsaKey = await generateKey("RS256");
const bytes = (text: string) => new TextEncoder().encode(text);

for (const alg of ALGORITHMS) {
  Deno.test(`signJwt makes ${alg} tokens that jose accepts`, async () => {
    const { kid, publicKey, privateKey } = alg === "RS256" ? rsaKey : await generateKey(alg);
    await using signers = createSigners({ workers: 1 });
    const signer = await signers.importKey({ alg, kid, pkcs8: privateKey });
    const header = encodeHeader({ alg, kid });
    const claims = { iss: "https://id.example.test", sub: "ünïcode 🦕", n: 1, deep: { a: [null] } };
    const key = { alg, kid, header, notBefore: 0, sign: signer.sign };
    const publicCryptoKey = await importJWK(toPublicJwk({ kid, publicKey }, alg), alg);
    for (let i = 0; i < 3; i++) {
      const jwt = await signJwt(key, claims);
      const { payload, protectedHeader } = await jwtVerify(jwt, publicCryptoKey, {
        algorithms: [alg],
      });
      assertEquals(payload, claims);
      assertEquals(protectedHeader, { alg, kid, typ: "JWT" });
    }
  });
}

Deno.test("toBase64Url writes what the standard library writes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
    assertEquals(toBase64Url(data), encodeBase64Url(data));
    const plain = Object.assign(data.slice(), { toBase64: undefined });
    assertEquals(toBase64Url(plain), encodeBase64Url(data));
  }));
});

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

async function pooled(options: SignersOptions) {
  const signers = createSigners(options);
  const signer = await signers.importKey({
    alg: "RS256",
    kid: rsaKey.kid,
    pkcs8: rsaKey.privateKey,
  });
  return { signers, signer };
}

Deno.test("createSigners signs many RS256 inputs in order and correctly", async () => {
  const { signers, signer } = await pooled({ workers: 2 });
  await using _ = signers;
  const inputs = Array.from({ length: 40 }, (_, i) => bytes(`input ${i}`));
  const signatures = await Promise.all(inputs.map((input) => signer.sign(input)));
  for (const [i, signature] of signatures.entries()) assert(await verifies(signature, inputs[i]!));
});

/** Workers that answer when told, by the same messages as real ones. */
function fakeWorkers() {
  const workers: (SigningWorker & { sent: unknown[]; ended: boolean })[] = [];
  const startWorker = () => {
    const worker = {
      sent: [] as unknown[],
      ended: false,
      onmessage: null,
      onerror: null,
      postMessage: (message: unknown) => void worker.sent.push(message),
      terminate: () => void (worker.ended = true),
    };
    workers.push(worker);
    return worker;
  };
  const say = (index: number, data: unknown) =>
    workers[index]!.onmessage!(new MessageEvent("message", { data }) as never);
  return { workers, startWorker, say };
}

Deno.test("createRs256Pool signs here first, then in the least busy worker", async () => {
  const { workers, startWorker, say } = fakeWorkers();
  using pool = createRs256Pool({ workers: 2, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8: rsaKey.privateKey });
  const input = bytes("first");
  assert(await verifies(await key.sign(input), input));
  assertEquals(workers.length, 2);
  await key.sign(bytes("no worker is ready yet"));
  assertEquals(workers.map(({ sent }) => sent.length), [1, 1], "only the key was sent");
  say(0, "ready");
  say(1, "ready");
  const answers = [key.sign(bytes("a")), key.sign(bytes("b")), key.sign(bytes("c"))];
  assertEquals(workers.map(({ sent }) => sent.length), [3, 2]);
  for (const [index, id] of [[1, 1], [0, 0], [0, 2]]) {
    say(index!, { id, signature: new Uint8Array([id!]) });
  }
  assertEquals(await Promise.all(answers), [0, 1, 2].map((id) => new Uint8Array([id])));
});

Deno.test("createRs256Pool signs here what a failing worker leaves behind", async () => {
  const { workers, startWorker, say } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8: rsaKey.privateKey });
  const input = bytes("left behind");
  for (let failure = 0; failure < 5; failure++) {
    await key.sign(input);
    if (failure >= 3) continue;
    say(failure, "ready");
    const pending = key.sign(input);
    const event = new ErrorEvent("error", { cancelable: true });
    workers[failure]!.onerror!(event);
    assertEquals(event.defaultPrevented, true);
    assert(await verifies(await pending, input));
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
  const key = pool.importKey({ kid: "k", pkcs8: rsaKey.privateKey });
  for (let i = 0; i < 3; i++) assert(await verifies(await key.sign(bytes("x")), bytes("x")));
  assertEquals(tries, 1);
});

Deno.test("createRs256Pool ends idle workers and starts them again", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker, idleMs: 5 });
  const key = pool.importKey({ kid: "k", pkcs8: rsaKey.privateKey });
  await key.sign(bytes("x"));
  while (!workers[0]!.ended) await new Promise((resolve) => setTimeout(resolve, 1));
  await key.sign(bytes("x"));
  assertEquals(workers.length, 2);
});

Deno.test("createRs256Pool takes a forgotten key from its workers and signs no more", async () => {
  const { workers, startWorker } = fakeWorkers();
  using pool = createRs256Pool({ workers: 1, startWorker });
  const key = pool.importKey({ kid: "k", pkcs8: rsaKey.privateKey });
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
    const pkcs8 = Uint8Array.from(${JSON.stringify([...rsaKey.privateKey])});
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

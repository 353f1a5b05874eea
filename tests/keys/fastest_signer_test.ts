import { assertEquals, assertThrows } from "@std/assert";
import { fastestSigner } from "../../keys/fastest_signer.ts";
import { generateKey } from "../../keys/generate_key.ts";
import { createSigners } from "../../keys/create_signers.ts";
import { threadSigner } from "../../keys/thread_signer.ts";

const here = new Uint8Array([1]), there = new Uint8Array([2]);

/** A signer whose thread takes the given times in turn, the last of them for good. */
function signerOf(times: readonly number[], signature: Uint8Array | undefined = here) {
  let now = 0, turn = 0;
  const signer = fastestSigner({
    clock: () => now,
    onThread: {
      sign() {
        now += times[Math.min(turn++, times.length - 1)]!;
        return signature;
      },
      forget() {},
    },
    elsewhere: { sign: () => there, forget() {} },
  });
  return (count: number) => Array.from({ length: count }, () => signer.sign(new Uint8Array()));
}

Deno.test("fastestSigner stays on the thread once a signature there was fast", () => {
  const sign = signerOf([0.5, 0.03, 9]);
  assertEquals(sign(6), [here, here, here, here, here, here]);
});

Deno.test("fastestSigner leaves the thread after two signatures that are far too slow", () => {
  assertEquals(signerOf([9, 1.8])(4), [here, here, there, there]);
});

Deno.test("fastestSigner stays on the thread where only the first signature, which loads code, was slow", () => {
  assertEquals(signerOf([9, 0.03])(4), [here, here, here, here]);
});

Deno.test("fastestSigner leaves the thread when no trial was fast", () => {
  assertEquals(signerOf([0.2])(6), [here, here, here, here, there, there]);
});

Deno.test("fastestSigner never gives out what the thread wrote in another form", () => {
  const onThread = { sign: () => undefined, forget() {} };
  const elsewhere = { sign: () => there, forget() {} };
  const signer = fastestSigner({ onThread, elsewhere, clock: () => 0 });
  assertEquals([signer.sign(here), signer.sign(here)], [there, there]);
});

Deno.test("threadSigner gives ES256 signatures of 64 bytes or none", async () => {
  const { kid, privateKey } = await generateKey("ES256");
  const signer = threadSigner({ alg: "ES256", kid, pkcs8: privateKey });
  assertEquals([64, undefined].includes(signer.sign(new Uint8Array(9))?.length), true);
});

Deno.test("createSigners refuses to sign with a key that was let go of", async () => {
  await using signers = createSigners({ workers: 0, clock: () => 0 });
  for (const alg of ["EdDSA", "RS256"] as const) {
    const { kid, privateKey } = await generateKey(alg);
    const signer = await signers.importKey({ alg, kid, pkcs8: privateKey });
    assertEquals((await signer.sign(new Uint8Array(9))).length, alg === "EdDSA" ? 64 : 256);
    signer.forget();
    assertThrows(() => signer.sign(new Uint8Array(9)), Error, "revoked");
  }
});

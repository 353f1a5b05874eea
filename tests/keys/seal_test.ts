import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { KeyringError } from "../../keys/errors.ts";
import { parseKeyEncryptionKeys } from "../../keys/key_encryption_keys.ts";
import { createSealer } from "../../keys/seal.ts";
import { KEK_A, KEK_B } from "./support.ts";

const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const sealerOf = (...keyEncryptionKeys: Uint8Array[]) =>
  createSealer({ keyEncryptionKeys, randomBytes });
const context = { issuer: "https://id.example.test", kid: "kid-1", purpose: "sign:RS256" };
const secret = new TextEncoder().encode("the private key of all private keys");

Deno.test("createSealer opens what it sealed, and only hides it once", async () => {
  const sealer = await sealerOf(KEK_A);
  const [one, two] = await Promise.all([
    sealer.seal(context, secret),
    sealer.seal(context, secret),
  ]);
  assertEquals(await sealer.open(context, one), secret);
  assertEquals(one.kekId, sealer.keyId);
  assertEquals(one.iv === two.iv, false);
  assertEquals(decodeBase64Url(one.ciphertext).length, secret.length + 16);
});

for (const member of ["issuer", "kid", "purpose"] as const) {
  Deno.test(`createSealer refuses a key moved to another ${member}, threat 58`, async () => {
    const sealer = await sealerOf(KEK_A);
    const sealed = await sealer.seal(context, secret);
    const moved = { ...context, [member]: `${context[member]}x` };
    const error = await assertRejects(() => sealer.open(moved, sealed), KeyringError, "altered");
    assertEquals(error.code, "key_unseal_failed");
  });
}

Deno.test("createSealer tells contexts apart whose parts join to the same text", async () => {
  const sealer = await sealerOf(KEK_A);
  const sealed = await sealer.seal({ issuer: 'a","b', kid: "c", purpose: "p" }, secret);
  const other = { issuer: "a", kid: 'b","c', purpose: "p" };
  await assertRejects(() => sealer.open(other, sealed), KeyringError);
});

for (const member of ["iv", "ciphertext"] as const) {
  Deno.test(`createSealer refuses an altered ${member}`, async () => {
    const sealer = await sealerOf(KEK_A);
    const sealed = await sealer.seal(context, secret);
    const bytes = decodeBase64Url(sealed[member]);
    bytes[0]! ^= 1;
    for (const altered of [encodeBase64Url(bytes), "", "?"]) {
      const other = { ...sealed, [member]: altered };
      await assertRejects(() => sealer.open(context, other), KeyringError, "altered");
    }
  });
}

Deno.test("createSealer seals with the first key and opens with all", async () => {
  const old = await sealerOf(KEK_A);
  const both = await sealerOf(KEK_B, KEK_A);
  const sealed = await old.seal(context, secret);
  assertEquals(await both.open(context, sealed), secret);
  const again = await both.seal(context, secret);
  assertEquals(again.kekId, (await sealerOf(KEK_B)).keyId);
  const error = await assertRejects(() => old.open(context, again), KeyringError);
  assertEquals(error.code, "key_unseal_failed");
  for (const part of [context.issuer, context.kid, again.kekId, "SIGNET_KEY_ENCRYPTION_KEY"]) {
    assertEquals(error.message.includes(part), true, part);
  }
});

Deno.test("createSealer without keys uses the development key, which real keys refuse", async () => {
  const development = await sealerOf();
  const sealed = await development.seal(context, secret);
  assertEquals(sealed.kekId, "development");
  assertEquals(await (await sealerOf()).open(context, sealed), secret);
  const real = await sealerOf(KEK_A);
  await assertRejects(() => real.open(context, sealed), KeyringError, "public development key");
  const realSealed = await real.seal(context, secret);
  await assertRejects(() => development.open(context, realSealed), KeyringError, "is not set");
});

Deno.test("createSealer refuses a key of another length", async () => {
  await assertRejects(() => sealerOf(new Uint8Array(16)), TypeError, "16 bytes");
});

Deno.test("parseKeyEncryptionKeys reads one key or several", () => {
  const [a, b] = [encodeBase64Url(KEK_A), encodeBase64Url(KEK_B)];
  assertEquals(parseKeyEncryptionKeys(a), [KEK_A]);
  assertEquals(parseKeyEncryptionKeys(` ${a} , ${b}\n`), [KEK_A, KEK_B]);
});

const good = encodeBase64Url(KEK_B);
const faults: [string, string, string][] = [
  ["nothing", "", "key 1 of 1 is empty"],
  ["a trailing comma", `${good},`, "key 2 of 2 is empty"],
  ["a short key", encodeBase64Url(KEK_A.slice(1)), "has 31 bytes, and 32 are expected"],
  ["standard base64", "+/" + good.slice(2), "in standard base64"],
  ["padding", good + "=", "in standard base64"],
  ["other characters", good.slice(1) + "!", "not base64url"],
  ["half a byte", good.slice(0, -1).slice(0, 41), "not whole base64url"],
  ["loose bits at the end", good.slice(0, -1) + "B", "not canonical"],
  ["zeros", encodeBase64Url(new Uint8Array(32)), "one byte repeated"],
  ["the same key twice", `${good},${good}`, "key 2 of 2 is the same as one before it"],
];

for (const [name, text, message] of faults) {
  Deno.test(`parseKeyEncryptionKeys refuses ${name} without repeating it`, () => {
    const error = assertThrows(() => parseKeyEncryptionKeys(text), TypeError, message);
    for (const part of text.split(",").filter((part) => part.length > 4)) {
      assertEquals(error.message.includes(part.slice(0, 20)), false);
    }
  });
}

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { awsThumbprint } from "../../setup/mod.ts";

const leaf = new TextEncoder().encode("leaf");
const top = new TextEncoder().encode("top");
const uri = "https://id.acme.test/jwks.json";

Deno.test("awsThumbprint says that none is needed when a public CA signed the chain", async () => {
  const readTlsChain = () => Promise.resolve({ certificates: [leaf, top], trusted: true });
  const found = await awsThumbprint(uri, { readTlsChain });
  assertEquals([found.needed, found.thumbprint], [false, undefined]);
  assertMatch(found.explanation, /public CA/);
});

Deno.test("awsThumbprint takes SHA-1 of the last certificate when no public CA signed the chain", async () => {
  const asked: unknown[] = [];
  const readTlsChain = (host: string, port: number) => {
    asked.push([host, port]);
    return Promise.resolve({ certificates: [leaf, top], trusted: false, reason: "unknown issuer" });
  };
  const found = await awsThumbprint("https://id.acme.test:8443/jwks.json", { readTlsChain });
  const expected = Array.from(
    new Uint8Array(await crypto.subtle.digest("SHA-1", top)),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
  assertEquals([found.needed, found.thumbprint], [true, expected]);
  assertEquals(asked, [["id.acme.test", 8443]]);
});

Deno.test("awsThumbprint tells how to read the chain by hand when the reader cannot", async () => {
  const readTlsChain = () =>
    Promise.resolve({ certificates: [leaf], trusted: false, complete: false });
  const found = await awsThumbprint(uri, { readTlsChain });
  assertEquals(found.thumbprint, undefined);
  assertMatch(found.explanation, /openssl s_client/);
});

Deno.test("awsThumbprint refuses a key set that is not served over https", async () => {
  const readTlsChain = () => Promise.reject(new Error("must not be called"));
  await assertRejects(() => awsThumbprint("http://x.test/jwks", { readTlsChain }), TypeError);
});

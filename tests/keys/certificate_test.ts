import { assert, assertEquals } from "@std/assert";
import { X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";
import { createLocalJWKSet, jwtVerify } from "jose";
import { generateKey } from "../../keys/generate_key.ts";
import { selfSignedCertificate } from "../../keys/self_signed_certificate.ts";
import { signJwt } from "../../keys/sign_jwt.ts";
import { DAY, ISSUER, setUp } from "./support.ts";

const made = await Promise.all([1, 2, 3, 4].map(() => generateKey("RS256")));

/** Keyrings whose RSA keys are made before: each takes a fifth of a second. */
function rsaSetUp(options = {}) {
  let next = 0;
  const generate = () => Promise.resolve(made[next++]!);
  return setUp({ algorithms: ["RS256"], generateKey: generate, ...options });
}

const jwksOf = async (keyring: { view(): unknown }) =>
  (await keyring.view() as { jwks: { kid: string; n: string; x5c?: string[] }[] }).jwks;

const runsOpenssl = await new Deno.Command("openssl", { args: ["version"] }).output()
  .then(({ success }) => success, () => false);
if (!runsOpenssl) console.warn("skipped: install openssl to check certificates with it");

Deno.test("selfSignedCertificate is of its key, and the same each time", () => {
  const { kid, privateKey: pkcs8, publicKey } = made[0]!;
  const text = selfSignedCertificate({ kid, pkcs8 });
  const certificate = new X509Certificate(Buffer.from(text, "base64"));
  const { n, e } = certificate.publicKey.export({ format: "jwk" });
  assertEquals([n, e], [publicKey.n, publicKey.e]);
  assertEquals(certificate.subject, `CN=${kid}`);
  assertEquals(certificate.issuer, `CN=${kid}`);
  assertEquals(selfSignedCertificate({ kid, pkcs8 }), text);
});

Deno.test({
  name: "selfSignedCertificate makes what openssl verifies",
  ignore: !runsOpenssl,
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/certificate.pem`;
      const openssl = async (...args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command("openssl", { args }).output();
        return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
      };
      for (const { kid, privateKey: pkcs8 } of made) {
        const base64 = selfSignedCertificate({ kid, pkcs8 });
        const pem = (text: string) =>
          `-----BEGIN CERTIFICATE-----\n${text.match(/.{1,64}/g)!.join("\n")}\n` +
          "-----END CERTIFICATE-----\n";
        await Deno.writeTextFile(path, pem(base64));
        const verify = ["verify", "-x509_strict", "-check_ss_sig", "-partial_chain"];
        const { code, text } = await openssl(...verify, "-CAfile", path, path);
        assertEquals(code, 0, text);
        const shown = await openssl("x509", "-in", path, "-noout", "-text");
        assert(shown.text.includes("Not After : Dec 31 23:59:59 9999 GMT"), shown.text);
        assert(shown.text.includes("Digital Signature"), shown.text);
        const altered = Buffer.from(base64, "base64");
        altered[altered.length - 9]! ^= 1;
        await Deno.writeTextFile(path, pem(altered.toString("base64")));
        assert((await openssl(...verify, "-CAfile", path, path)).code !== 0, "a wrong signature");
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("createKeyring with x5c shows the same certificate on every isolate", async () => {
  const { isolate } = rsaSetUp({ x5c: true });
  await using one = isolate();
  await one.start();
  await using two = isolate();
  const [first, second] = await jwksOf(one);
  assertEquals(await jwksOf(two), [first!, second!]);
  for (const { kid, n, x5c } of [first!, second!]) {
    assertEquals(x5c?.length, 1);
    const certificate = new X509Certificate(Buffer.from(x5c![0]!, "base64"));
    assertEquals(certificate.subject, `CN=${kid}`);
    assertEquals(certificate.publicKey.export({ format: "jwk" }).n, n);
  }
  const jwt = await signJwt(await one.signingKey("RS256"), { iss: ISSUER });
  await jwtVerify(jwt, createLocalJWKSet({ keys: [{ ...first!, kty: "RSA" }] }));
});

Deno.test("createKeyring shows no certificate unless told, and certifies older keys when told", async () => {
  const { isolate, record } = rsaSetUp();
  await using off = isolate();
  await off.start();
  const before = await jwksOf(off);
  assertEquals(before.map((jwk) => "x5c" in jwk), [false, false]);
  await using on = isolate({ x5c: true });
  assertEquals(await jwksOf(on), before);
  assertEquals(await on.maintain(), true);
  assertEquals(await on.maintain(), false, "once is enough");
  assertEquals((await jwksOf(on)).map(({ x5c }) => x5c?.length), [1, 1]);
  await off.maintain();
  assertEquals(await jwksOf(off), before);
  assertEquals((await record("RS256")).epoch, 2);
});

Deno.test("createKeyring keeps a certificate as long as its key is published", async () => {
  const { isolate, clock, record } = rsaSetUp({ x5c: true });
  await using keyring = isolate();
  await keyring.start();
  const [first] = await jwksOf(keyring);
  clock.advance(7 * DAY + 60_000);
  await keyring.maintain();
  const retired = (await jwksOf(keyring)).find(({ kid }) => kid === first!.kid);
  assertEquals(retired, first);
  const stored = (await record("RS256")).keys.find(({ kid }) => kid === first!.kid);
  assertEquals(stored!.sealed === null || stored!.retireAt !== null, true);
  await keyring.revoke(first!.kid);
  const tombstone = (await record("RS256")).keys.find(({ kid }) => kid === first!.kid);
  assertEquals([tombstone!.compromisedAt !== null, tombstone!.certificate], [true, undefined]);
});

import { assertEquals, assertRejects } from "@std/assert";
import { readTlsChain } from "../../doctor/mod.ts";
import { awsThumbprint } from "../../setup/mod.ts";

/** Run openssl in a folder; its absence skips the tests. */
function openssl(folder: string, args: readonly string[]): boolean {
  try {
    return new Deno.Command("openssl", { args: [...args], cwd: folder, stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

const folder = Deno.makeTempDirSync({ prefix: "signet-tls-" });
Deno.writeTextFileSync(`${folder}/ext`, "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const made = openssl(folder, [
  "req",
  "-x509",
  ...key,
  "-keyout",
  "ca.key",
  "-out",
  "ca.pem",
  "-days",
  "2",
  "-subj",
  "/CN=Test CA",
]) &&
  openssl(folder, [
    "req",
    ...key,
    "-keyout",
    "leaf.key",
    "-out",
    "leaf.csr",
    "-subj",
    "/CN=localhost",
  ]) &&
  openssl(folder, [
    "x509",
    "-req",
    "-in",
    "leaf.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    "ext",
    "-out",
    "leaf.pem",
  ]);
const read = (name: string) => made ? Deno.readTextFileSync(`${folder}/${name}`) : "";
const [ca, leaf, leafKey] = [read("ca.pem"), read("leaf.pem"), read("leaf.key")];
Deno.removeSync(folder, { recursive: true });
if (!made) console.warn("skipped: install openssl to test readTlsChain");

async function withServer(test: (port: number) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", cert: leaf + ca, key: leafKey, onListen() {} },
    () => new Response("ok"),
  );
  try {
    await test(server.addr.port);
  } finally {
    await server.shutdown();
  }
}

function der(pem: string): Uint8Array {
  const body = pem.replace(/-----[^-]+-----|\s/g, "");
  return Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
}

Deno.test({
  name: "readTlsChain reads the chain of a private CA and does not trust it",
  ignore: !made,
  async fn() {
    await withServer(async (port) => {
      const chain = await readTlsChain("localhost", port);
      assertEquals(chain.trusted, false);
      assertEquals(chain.certificates[0], der(leaf));
      // node:tls before Deno 2.6 shows the first certificate only; the reader must say so.
      if (chain.complete) assertEquals(chain.certificates[1], der(ca));
      else assertEquals(chain.certificates.length, 1);
      const found = await awsThumbprint(`https://localhost:${port}/jwks`, {
        readTlsChain: () => Promise.resolve(chain),
      });
      assertEquals([found.needed, found.thumbprint !== undefined], [true, chain.complete]);
    });
  },
});

Deno.test({
  name: "readTlsChain trusts a chain whose CA is trusted",
  ignore: !made,
  async fn() {
    await withServer(async (port) => {
      const chain = await readTlsChain("localhost", port, { caCerts: [ca] });
      assertEquals([chain.trusted, chain.reason], [true, undefined]);
    });
  },
});

Deno.test("readTlsChain rejects when nothing listens", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr;
  listener.close();
  await assertRejects(() => readTlsChain("127.0.0.1", port), Error, "Cannot read the TLS chain");
});

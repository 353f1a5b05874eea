/** Who becomes administrator: nobody, unless the operator said so before the start. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { readConfig } from "../../issuer/config.ts";
import { createIssuer } from "../../issuer/create_issuer.ts";
import { memoryKv } from "../../kv/memory_kv.ts";
import { adminToken, startIssuer } from "../_support/start_issuer.ts";

const paths = [
  ...["workloads", "keys", "keys/rotate", "audit", "explain", "", "bootstrap", "setup", "login"],
  ...["init", "register", "users", "token", "tokens", "session"],
];

/** Bearers that somebody might try first. */
const guesses = [
  "",
  "admin",
  "password",
  "signet",
  "undefined",
  "null",
  "0".repeat(32),
  adminToken,
];

Deno.test("threat 60: without an admin token nobody is an administrator, and no route makes one", async () => {
  await using started = startIssuer({ adminToken: undefined, tenants: { blue: {} } });
  for (const place of ["", "/blue"]) {
    for (const path of paths) {
      for (const method of ["GET", "POST"]) {
        for (const guess of guesses) {
          const headers = { authorization: `Bearer ${guess}` };
          const { status, body } = await started.get(`${place}/admin/${path}`, { method, headers });
          await body?.cancel();
          assertEquals(status, 404, `${method} ${place}/admin/${path} with "${guess}"`);
        }
      }
    }
  }
  for await (const { key } of started.kv.list({ prefix: [] })) {
    assert(!key.includes("workload") && !key.includes("audit"), `${key.join("/")} was written`);
  }
});

Deno.test("threat 60: the first to come gets nothing that a later one does not, admin token or not", async () => {
  const kv = memoryKv();
  for (let boot = 0; boot < 2; boot++) {
    await using started = startIssuer({ kv });
    for (const guess of guesses.slice(0, -1)) {
      for (const path of paths) {
        const headers = { authorization: `Bearer ${guess}` };
        const { status, body } = await started.get(`/admin/${path}`, { method: "POST", headers });
        await body?.cancel();
        assertEquals(status, 401, `${path} with "${guess}"`);
      }
    }
    const listed = await started.admin("GET", "workloads");
    assertEquals([listed.status, (await listed.json()).workloads], [200, []]);
  }
});

Deno.test("threat 60: an admin token that could be guessed is refused at start, and there is no default", () => {
  const read = (env: Record<string, string>) =>
    readConfig({
      env: (name) => ({ SIGNET_ISSUER: "http://localhost:1", ...env })[name],
      readFile: () => new Uint8Array(),
    });
  assertEquals(read({}).options.adminToken, undefined);
  assertEquals(read({ SIGNET_ADMIN_TOKEN: "" }).options.adminToken, undefined);
  assertThrows(() => read({ SIGNET_ADMIN_TOKEN: "a".repeat(31) }), TypeError, "too short");
  const short = { issuer: "http://localhost:1", kv: memoryKv(), adminToken: "admin" };
  assertThrows(() => createIssuer(short), TypeError, "too short");
});

import { assert, assertEquals, assertMatch } from "@std/assert";
import { issuerFitness, type SetupVendor } from "../../setup/mod.ts";

const VENDORS: SetupVendor[] = ["aws", "gcp", "azure", "vault", "kubernetes"];

Deno.test("issuerFitness takes a plain https issuer with and without a path for every vendor", () => {
  for (const vendor of VENDORS) {
    for (const issuer of ["https://id.acme.test", "https://id.acme.test/a/b"]) {
      const fitness = issuerFitness(issuer, vendor);
      assertEquals([fitness.refusals, fitness.notes], [[], []], `${vendor} ${issuer}`);
    }
  }
});

Deno.test("issuerFitness refuses every form that a byte-for-byte comparison breaks on", () => {
  for (
    const issuer of [
      "",
      "id.acme.test",
      "ftp://id.acme.test",
      "https://ID.acme.test",
      "https://id.acme.test/",
      "https://id.acme.test/a/",
      "https://id.acme.test?x=1",
      "https://id.acme.test?",
      "https://id.acme.test#f",
      "https://user:pw@id.acme.test",
      "https://id.acme.test/a/../b",
      "https://id.acme.test:443",
      "https://id.acme.test/$(x)",
      "https://id.acme.test/a b",
      "https://id.acme.test/\n",
      "http://id.acme.test",
      undefined,
      7,
    ]
  ) {
    for (const vendor of VENDORS) {
      assert(issuerFitness(issuer, vendor).refusals.length > 0, `${vendor} took ${issuer}`);
    }
  }
});

Deno.test("issuerFitness refuses a port for AWS only and notes it elsewhere", () => {
  assertMatch(issuerFitness("https://id.acme.test:8443", "aws").refusals.join(), /port/);
  const vault = issuerFitness("https://id.acme.test:8443", "vault");
  assertEquals(vault.refusals, []);
  assertMatch(vault.notes.join(), /port 8443/);
});

Deno.test("issuerFitness refuses an issuer that is longer than the vendor's field", () => {
  const long = "https://id.acme.test/" + "a".repeat(300);
  assertEquals(issuerFitness(long, "aws").refusals.length, 1);
  assertEquals(issuerFitness(long, "azure").refusals.length, 0);
  assertEquals(issuerFitness(long + "b".repeat(300), "azure").refusals.length, 1);
});

Deno.test("issuerFitness takes a loopback issuer with a note that no cloud can reach it", () => {
  for (
    const issuer of [
      "http://localhost:8000",
      "http://127.0.0.1:1",
      "http://[::1]:1",
      "http://a.localhost",
    ]
  ) {
    for (const vendor of ["aws", "gcp", "azure"] as const) {
      const fitness = issuerFitness(issuer, vendor);
      assertEquals([fitness.loopback, fitness.refusals], [true, []]);
      assertMatch(fitness.notes.join(), /cannot reach it/);
    }
  }
  assertMatch(issuerFitness("http://localhost:8000", "gcp").notes.join(), /uploaded key set/);
  assertMatch(issuerFitness("http://localhost:8000", "kubernetes").notes.join(), /TLS/);
});

Deno.test("issuerFitness does not take a look-alike for loopback", () => {
  for (
    const issuer of [
      "http://localhost.evil.test",
      "http://127.0.0.1.evil.test",
      "http://mylocalhost",
    ]
  ) {
    assert(issuerFitness(issuer, "aws").refusals.length > 0, issuer);
  }
});

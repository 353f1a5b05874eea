import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeBase64url } from "../../verify/base64url.ts";
import { base64url } from "./_support.ts";

Deno.test("decodeBase64url reads every byte string from its one spelling", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
    assertEquals(decodeBase64url(base64url(bytes)), bytes);
  }));
});

Deno.test("threat 10: decodeBase64url accepts nothing that does not encode back to itself", () => {
  const alphabet = "ABCZabcz0189-_+/= \n\u00e9\u0100".split("");
  const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
  fc.assert(
    fc.property(text, (part) => {
      const bytes = decodeBase64url(part);
      if (bytes !== undefined) assertEquals(base64url(bytes), part);
    }),
    { numRuns: 5000 },
  );
});

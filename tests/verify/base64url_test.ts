import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeBase64url, decodeByHand } from "../../verify/base64url.ts";
import { base64url } from "./_support.ts";

/** The engine's help, where it has any, and none. */
const ways = [decodeBase64url, decodeByHand];

Deno.test("decodeBase64url reads every byte string from its one spelling", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
    for (const decode of ways) assertEquals(decode(base64url(bytes)), bytes);
  }));
});

Deno.test("threat 10: decodeBase64url accepts nothing that does not encode back to itself", () => {
  const alphabet = "ABCZabcz0189-_+/= \n\u00e9\u0100".split("");
  const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
  fc.assert(
    fc.property(text, (part) => {
      for (const decode of ways) {
        const bytes = decode(part);
        if (bytes !== undefined) assertEquals(base64url(bytes), part);
      }
    }),
    { numRuns: 5000 },
  );
});

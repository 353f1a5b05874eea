import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { decodeAscii, decodeBase64url, decodeByHand, isBase64url } from "../../verify/base64url.ts";
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
        assertEquals(bytes !== undefined, isBase64url(part));
        if (bytes !== undefined) assertEquals(base64url(bytes), part);
      }
    }),
    { numRuns: 5000 },
  );
});

Deno.test("decodeAscii reads ASCII as decodeBase64url does, and nothing else", () => {
  const text = fc.oneof(fc.string({ unit: "binary-ascii" }), fc.string({ unit: "binary" }));
  fc.assert(fc.property(text, (said) => {
    const part = base64url(new TextEncoder().encode(said));
    // deno-lint-ignore no-control-regex -- the bounds of ASCII
    assertEquals(decodeAscii(part), /^[\x00-\x7f]*$/.test(said) ? said : undefined);
    assertEquals(decodeAscii(`${part}=`), undefined);
  }));
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseStrictJson, StrictJsonError } from "../../verify/strict_json.ts";

const read = (text: string, limits = {}) => parseStrictJson(new TextEncoder().encode(text), limits);

Deno.test("parseStrictJson reads what JSON.stringify writes", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
    const text = JSON.stringify(value);
    // Unpaired surrogates are escaped by JSON.stringify and refused here, on purpose.
    fc.pre(JSON.parse(text) !== undefined && text.isWellFormed() && !/\\ud[89a-f]/i.test(text));
    assertEquals(JSON.stringify(read(text)), text);
  }));
});

Deno.test("parseStrictJson never accepts what JSON.parse refuses, and reads the same", () => {
  const fragment = fc.constantFrom(...'[]{}:,"\\ \n\t0123456789-+.eEtrufalsn/u'.split(""));
  const nearJson = fc.oneof(
    fc.string({ unit: fragment, maxLength: 40 }),
    fc.tuple(fc.json(), fc.nat(), fragment).map(([text, at, piece]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + 1);
    }),
  );
  fc.assert(
    fc.property(nearJson, (text) => {
      const ours = outcome(() => read(text));
      if (ours !== undefined) assertEquals(ours, outcome(() => JSON.parse(text)));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("parseStrictJson throws nothing but StrictJsonError on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        parseStrictJson(bytes);
      } catch (error) {
        assertEquals(error instanceof StrictJsonError, true);
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("parseStrictJson counts members and levels exactly", () => {
  assertEquals(JSON.stringify(read("[1,[2,3]]", { maxMembers: 4, maxDepth: 2 })), "[1,[2,3]]");
  assertThrows(() => read("[1,[2,3]]", { maxMembers: 3 }), StrictJsonError, "too many members");
  assertThrows(() => read("[1,[2,3]]", { maxDepth: 1 }), StrictJsonError, "too deeply");
});

Deno.test("parseStrictJson does not quote the document in its error", () => {
  const error = assertThrows(() => read('{"secret":"hunter2"'), StrictJsonError) as Error;
  assertEquals(error.message.includes("hunter2"), false);
});

function outcome(work: () => unknown): string | undefined {
  try {
    return JSON.stringify(work());
  } catch (error) {
    if (error instanceof StrictJsonError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { TokenError } from "../../issuer/errors.ts";
import { readParameters } from "../../issuer/parameters.ts";
import { readTokenRequest } from "../../issuer/token_request.ts";
import { audienceCheck } from "../../issuer/check_audience.ts";

Deno.test("readParameters reads what URLSearchParams writes", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" })),
      (given) => {
        const wanted = Object.entries(given).filter(([name, value]) =>
          value !== "" && !name.includes("[")
        );
        const text = new URLSearchParams(wanted).toString();
        assertEquals([...readParameters(text)], wanted);
      },
    ),
  );
});

Deno.test("threats 43, 45: readParameters refuses repeated names, brackets and malformed UTF-8", () => {
  for (
    const text of ["a=1&a=2", "a=1&%61=2", "a[]=1", "a=%ff", "a=%c3%28", "a=%", "a=é", "a=\u0000"]
  ) {
    assertThrows(
      () => readParameters(text),
      TokenError,
      "Cannot read the request parameters",
      text,
    );
  }
});

Deno.test("readParameters counts an empty value as absent", () => {
  assertEquals([...readParameters("a=&b&c=1")], [["c", "1"]]);
});

Deno.test("readParameters throws only its own error, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      try {
        readParameters(text);
      } catch (error) {
        assertEquals(error instanceof TokenError, true);
      }
    }),
  );
});

const issuer = "https://tokens.test";
const read = (text: string) => readTokenRequest(readParameters(text), audienceCheck(issuer));

Deno.test("readTokenRequest takes audience or resource, never two targets", () => {
  assertEquals(read("audience=a").audience, "a");
  assertEquals(read("resource=a").audience, "a");
  assertEquals(read("resource=a&audience=a").audience, "a");
  assertThrows(() => read("resource=b&audience=a"), TokenError, "two targets");
  assertThrows(() => read(""), TokenError, "audience is missing");
  assertThrows(() => read("audience=https://tokens.test/token"), TokenError, "issuer itself");
});

Deno.test("readTokenRequest refuses lifetimes that are no whole seconds", () => {
  assertEquals(read("audience=a&ttl=900").ttl, 900);
  for (const ttl of ["0", "-1", "1.5", "1e3", "0x10", "NaN", "9999999", " 5"]) {
    assertThrows(
      () => read(`audience=a&ttl=${encodeURIComponent(ttl)}`),
      TokenError,
      "whole number",
      ttl,
    );
  }
});

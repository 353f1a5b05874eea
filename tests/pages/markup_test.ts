import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { jsonBlock, markup, trusted } from "../../issuer/page/markup.ts";

Deno.test("threat 52: markup lets no value leave its place, in text or in an attribute", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...`<>"'&; a=\u2028`) }), (value) => {
    const text = String(markup`<p title="${value}">${value}</p>`);
    assertEquals(text.match(/[<>"]/g)?.join(""), '<"">' + "<>", text);
    assert(!text.includes("'"), text);
  }));
});

Deno.test("markup escapes once, joins lists and drops what is absent", () => {
  const inner = markup`<b>${"a & b"}</b>`;
  assertEquals(String(markup`${inner}${[1, "<"]}${undefined}${false}`), "<b>a &amp; b</b>1&lt;");
  assertEquals(String(markup`${trusted("<hr>")}`), "<hr>");
});

Deno.test("markup takes no object that only looks like markup", () => {
  const forged = { toString: () => "<script>" } as unknown as string;
  let text = "";
  try {
    text = String(markup`${forged}`);
  } catch {
    return;
  }
  assert(!text.includes("<script>"), text);
});

Deno.test("threat 52: jsonBlock gives back its value and cannot be ended by it", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = String(jsonBlock("x", [value, "</script><!--<script>"]));
    const body = /^<script type="application\/json" id="x">([^<]*)<\/script>$/s.exec(text);
    assertEquals(JSON.parse(body![1]!), [
      JSON.parse(JSON.stringify(value)),
      "</script><!--<script>",
    ]);
  }));
});

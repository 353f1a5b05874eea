import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { celString, hcl, hclString, raw, sh, shellQuote } from "../../setup/quote.ts";
import { heredoc } from "../../setup/script.ts";
import { toYaml } from "../../setup/yaml.ts";
import { parseHcl, parseYaml, templateValue } from "./_support/parse.ts";

const hostile = fc.oneof(
  fc.string({ minLength: 0, maxLength: 40 }),
  fc.array(
    fc.constantFrom(
      "'",
      '"',
      "\\",
      "$",
      "{",
      "}",
      "`",
      "%",
      "!",
      "$(x)",
      "${",
      "%{",
      "#",
      ": ",
      "- ",
      "&",
      "*",
      "~",
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join("")),
);

Deno.test("shellQuote gives words that bash reads back unchanged", async () => {
  const words = fc.sample(hostile, { numRuns: 400, seed: 7 });
  const output = await new Deno.Command("bash", {
    args: ["-c", `printf '%s\\0' ${words.map(shellQuote).join(" ")}`],
  }).output();
  const seen = new TextDecoder().decode(output.stdout).split("\0").slice(0, -1);
  assertEquals(seen, words);
});

Deno.test("hclString gives literals that the HCL parser reads back unchanged", async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (value) => {
      const parsed = await parseHcl(`x = ${hclString(value)}\n`);
      assertEquals(templateValue(parsed.x), value);
    }),
    { numRuns: 300 },
  );
});

Deno.test("celString escapes quotes and backslashes and leaves the rest", () => {
  assertEquals(celString("a'b\\c\"d"), `'a\\'b\\\\c"d'`);
});

Deno.test("toYaml gives documents that the YAML parser reads back unchanged", () => {
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      hostile,
      fc.constantFrom("true", "null", "no", "1", "1e3", "0x1", "-", "~", "2026-01-01", "a: b"),
      fc.integer(),
      fc.boolean(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(hostile, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(hostile, tree, { minKeys: 1, maxKeys: 4 }), (value) => {
      // deno-lint-ignore no-explicit-any
      assertEquals(JSON.stringify(parseYaml(toYaml(value as any))), JSON.stringify(value));
    }),
    { numRuns: 300 },
  );
});

Deno.test("sh and hcl quote strings and lists, and leave raw text alone", () => {
  assertEquals(
    sh`run ${"a b"} ${["c", "d'e"]} ${3} ${raw('"$x"')}`,
    `run 'a b' c 'd'\\''e' 3 "$x"`,
  );
  assertEquals(
    hcl`v = ${'a"b'}, ${["c"]}, ${true}, ${raw("x.y")}`,
    'v = "a\\"b", ["c"], true, x.y',
  );
});

Deno.test("heredoc refuses a text that holds its own delimiter", () => {
  assertThrows(() => heredoc("a\nEND\nb", "END"), TypeError);
});

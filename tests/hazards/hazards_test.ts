import { assert, assertEquals } from "@std/assert";
import { hazards } from "./hazards.ts";

Deno.test("hazards names a test that exists for each of 2.1 to 2.20", async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => `2.${index + 1}`);
  assertEquals(Object.keys(hazards), numbers);
  for (const [number, { tests }] of Object.entries(hazards)) {
    assert(tests.length > 0, number);
    for (const [file, name] of tests) {
      const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
      const starts = [...text.matchAll(/(?:Deno\.test\(|name: )\s*(["`])(.*?)\1/g)];
      assert(
        starts.some(([, , title]) => title!.includes(name)),
        `${number}: no "${name}" in ${file}`,
      );
    }
  }
});

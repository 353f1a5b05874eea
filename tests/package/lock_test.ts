import { assertEquals } from "@std/assert";

Deno.test("deno.lock brings users no package that only the tests need", async () => {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(new URL(`../../${name}`, import.meta.url)));
  const [{ imports }, { specifiers }] = [await read("deno.json"), await read("deno.lock")];
  const packages = Object.values<string>(imports)
    .map((target) => /^npm:(@[^/]+\/)?[^/]+/.exec(target)![0]);
  assertEquals(Object.keys(specifiers).sort(), [...new Set(packages)].sort());
});

import { assertEquals } from "@std/assert";

/** What Deno itself adds to a lock file where it checks types. */
const added = "npm:@types/node@*";

Deno.test("deno.lock brings users no package that only the tests need", async () => {
  const read = async (name: string) =>
    JSON.parse(await Deno.readTextFile(new URL(`../../${name}`, import.meta.url)));
  const [{ imports }, { specifiers }] = [await read("deno.json"), await read("deno.lock")];
  const packages = Object.values<string>(imports)
    .map((target) => /^npm:(@[^/]+\/)?[^/]+/.exec(target)![0]);
  const locked = Object.keys(specifiers).filter((name) => name !== added);
  assertEquals(locked.sort(), [...new Set(packages)].sort());
});

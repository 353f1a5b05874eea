import { assert, assertEquals, assertThrows } from "@std/assert";
import { publishManifest } from "../../tools/publish_manifest.ts";

const manifest = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));

Deno.test("publishManifest takes every @std import from JSR and keeps the others", () => {
  const { imports } = publishManifest(manifest);
  for (const [name, target] of Object.entries(imports)) {
    assertEquals(target.startsWith("jsr:@std/"), name.startsWith("@std/"), `${name}: ${target}`);
  }
  assertEquals(imports["@std/http/etag"], "jsr:@std/http@^1/etag");
  assertEquals(imports["jose"], manifest.imports["jose"]);
});

Deno.test("publishManifest leaves out what only the checkout needs", () => {
  const published = publishManifest(manifest);
  for (const member of ["scopes", "tasks", "lint", "deploy"]) {
    assert(!(member in published), member);
  }
  for (const member of ["name", "version", "license", "exports", "compilerOptions"]) {
    assertEquals(published[member], manifest[member]);
  }
});

Deno.test("publishManifest refuses an @std package that its list does not know", () => {
  const imports = { "@std/new/thing": "npm:deno-std@1.4.0/new/thing.js" };
  assertThrows(() => publishManifest({ imports }), TypeError, "@std/new");
});

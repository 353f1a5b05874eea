import { assertEquals } from "@std/assert";
import { jtiSource } from "../../issuer/jti_source.ts";

Deno.test("jtiSource gives each of 16 random bytes once, whatever the batch", () => {
  let calls = 0;
  const jti = jtiSource((length) => {
    const first = calls++ * length;
    return Uint8Array.from({ length }, (_, index) => ((first + index) >> 4) & 0xff);
  });
  const made = Array.from({ length: 200 }, jti);
  assertEquals(new Set(made).size, 200);
  assertEquals(made.every((id) => /^[\w-]{22}$/.test(id)), true);
  assertEquals(calls, 4);
});

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { andThen, orElse } from "../../issuer/eventual.ts";

Deno.test("andThen goes on at once with what is there, and later with what comes", async () => {
  assertEquals(andThen(20, (value) => value + 1), 21);
  assertEquals(await andThen(Promise.resolve(20), (value) => value + 1), 21);
  assertEquals(await andThen(20, (value) => Promise.resolve(value + 1)), 21);
});

Deno.test("andThen passes failures on as they came", async () => {
  const fail = (): number => {
    throw new Error("told");
  };
  assertThrows(() => andThen(1, fail), Error, "told");
  await assertRejects(async () => await andThen(Promise.resolve(1), fail), Error, "told");
  const rejected: Promise<number> = Promise.reject(new Error("before"));
  await assertRejects(async () => await andThen(rejected, fail), Error, "before");
});

Deno.test("orElse recovers from what is thrown at once, and later from what is rejected", async () => {
  const told = (error: unknown) => (error as Error).message;
  assertEquals(orElse(() => "made", told), "made");
  const thrown = orElse(() => {
    throw new Error("thrown");
  }, told);
  assertEquals(thrown, "thrown");
  const later = orElse(() => Promise.reject(new Error("rejected")), told);
  assert(later instanceof Promise);
  assertEquals(await later, "rejected");
});

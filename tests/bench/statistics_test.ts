import { assert, assertEquals, assertThrows } from "@std/assert";
import { isMet, median, ratio } from "./statistics.ts";

Deno.test("median gives the middle value, or the mean of the two in the middle, of unsorted values", () => {
  assertEquals(median([10, 9, 100]), 10);
  assertEquals(median([4, 1, 3, 2]), 2.5);
  assertEquals(median([7]), 7);
  assertThrows(() => median([]), TypeError);
});

Deno.test("median leaves its argument in order", () => {
  const values = [3, 1, 2];
  median(values);
  assertEquals(values, [3, 1, 2]);
});

Deno.test("ratio is the median of the rounds' ratios, not the ratio of the medians", () => {
  // The machine was ten times slower in the second round, for both sides alike.
  assertEquals(ratio([100, 10, 60], [100, 20, 120]), 0.5);
  assertThrows(() => ratio([1, 2], [1]), TypeError);
});

Deno.test("ratio of nothing to nothing is 0, of something to nothing infinite", () => {
  assertEquals(ratio([0], [0]), 0);
  assertEquals(ratio([1], [0]), Infinity);
});

Deno.test("isMet counts the bound itself as met, and has nothing to ask of what is shown", () => {
  assert(isMet(0.9, { atLeast: 0.9 }));
  assert(!isMet(0.8999, { atLeast: 0.9 }));
  assert(isMet(1.15, { atMost: 1.15 }));
  assert(!isMet(1.1501, { atMost: 1.15 }));
  assert(isMet(0, "shown"));
  for (const goal of [{ atLeast: 1 }, { atMost: 1 }]) assert(!isMet(NaN, goal));
});

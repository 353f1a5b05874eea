import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { judge, median, type Sample } from "./flatness.ts";

/** Thirty minutes, six samples each, with noise of a fixed seed. */
function run(valueAt: (minute: number) => number, noise = 0): Sample[] {
  let state = 1;
  const random = () => (state = state * 48_271 % 0x7fffffff) / 0x7fffffff - 0.5;
  return Array.from({ length: 180 }, (_, index) => {
    const at = (index + 1) / 6;
    return { at, value: valueAt(at) + random() * noise };
  });
}

Deno.test("judge calls a level with noise and a climb in the warm-up flat", () => {
  assert(judge(run(() => 120, 40)).isFlat);
  const warming = judge(run((minute) => minute < 10 ? 60 + 6 * minute : 120, 10));
  assert(warming.isFlat);
  assertAlmostEquals(warming.median, 120, 2);
  assert(judge(run((minute) => 200 - minute)).isFlat);
});

Deno.test("judge finds a leak as small as its noise, and gives its slope", () => {
  const leak = judge(run((minute) => 100 + minute, 10));
  assertEquals(leak.isFlat, false);
  assertAlmostEquals(leak.perHour, 60, 9);
  assertAlmostEquals(leak.growth, 20 / 120, 0.03);
});

Deno.test("judge is not moved by spikes, where a mean would be", () => {
  const isSpike = (minute: number) => minute > 24 && Math.round(minute * 6) % 5 === 0;
  const spiky = judge(run((minute) => isSpike(minute) ? 1_000 : 100, 10));
  assert(spiky.isFlat, `${spiky.growth}`);
});

Deno.test("judge says when there is too little to judge by", () => {
  assertThrows(() => judge([{ at: 1, value: 1 }, { at: 2, value: 1 }]), TypeError, "too few");
  assertThrows(() => judge([]), TypeError);
});

Deno.test("median takes the middle", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
});

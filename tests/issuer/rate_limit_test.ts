import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRateLimit } from "../../issuer/rate_limit.ts";
import { sourceOf } from "../../issuer/request_source.ts";

const minute = 60_000;

Deno.test("createRateLimit lets no more than perMinute + burst through in any minute", () => {
  const steps = fc.array(
    fc.record({ wait: fc.nat(3_000), asks: fc.integer({ min: 1, max: 30 }) }),
    {
      minLength: 20,
      maxLength: 200,
    },
  );
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 1, max: 60 }),
    steps,
    (perMinute, burst, steps) => {
      const clock = { now: 1_800_000_000_000 };
      const limit = createRateLimit({ perMinute, burst, now: () => clock.now });
      const passed: number[] = [];
      for (const { wait, asks } of steps) {
        clock.now += wait;
        for (let ask = 0; ask < asks; ask++) if (limit.of("a").take() === 0) passed.push(clock.now);
      }
      let first = 0;
      passed.forEach((at, index) => {
        while (passed[first]! <= at - minute) first++;
        assert(index - first + 1 <= perMinute + burst, `${index - first + 1} in a minute`);
      });
    },
  ));
});

Deno.test("createRateLimit says when to come back, and then lets one through", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 100_000 }), (perMinute) => {
    const clock = { now: 1_800_000_000_000 };
    const limit = createRateLimit({ perMinute, burst: 3, now: () => clock.now });
    for (let ask = 0; ask < 3; ask++) assertEquals(limit.of("a").take(), 0);
    const wait = limit.of("a").take();
    assert(wait > 0 && wait <= Math.ceil(minute / perMinute));
    clock.now += wait - 1;
    assert(limit.of("a").take() > 0);
    clock.now += 1;
    assertEquals(limit.of("a").take(), 0);
    assert(limit.of("a").take() > 0);
  }));
});

Deno.test("createRateLimit keeps keys apart, gives back, and grants the long-run rate", () => {
  const clock = { now: 0 };
  const limit = createRateLimit({ perMinute: 60, burst: 1, now: () => clock.now });
  assertEquals([limit.of("a").take(), limit.of("b").take()], [0, 0]);
  limit.of("a").giveBack();
  assertEquals([limit.of("a").take(), limit.of("b").take() > 0], [0, true]);
  let passed = 0;
  for (; clock.now < 10 * minute; clock.now += 100) if (limit.of("a").take() === 0) passed++;
  assert(passed >= 598 && passed <= 600, `${passed} in ten minutes`);
});

Deno.test("createRateLimit locks nobody out when the clock goes back", () => {
  const clock = { now: 1_800_000_000_000 };
  const limit = createRateLimit({ perMinute: 60, burst: 2, now: () => clock.now });
  limit.of("a").take();
  clock.now -= 24 * 60 * minute;
  const wait = limit.of("a").take();
  assert(wait <= 1_000, `waits ${wait} ms`);
});

Deno.test("createRateLimit remembers a bounded number of keys, the most recent ones", () => {
  const limit = createRateLimit({ perMinute: 6, burst: 1, maxKeys: 100, now: () => 0 });
  for (let key = 0; key < 10_000; key++) assertEquals(limit.of(`key ${key}`).take(), 0);
  assertEquals(limit.size, 100);
  assert(limit.of("key 9999").take() > 0);
});

Deno.test("sourceOf takes an IPv4 address whole and of an IPv6 address the /64", () => {
  const of = (hostname?: string) => sourceOf({ remoteAddr: { transport: "tcp", hostname } });
  assertEquals(of("192.0.2.7"), "192.0.2.7");
  assertEquals(of("::ffff:192.0.2.7"), "192.0.2.7");
  assertEquals(of("2001:db8:0:1::9"), of("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff"));
  assert(of("2001:db8:0:1::9") !== of("2001:db8:0:2::9"));
  assertEquals(of("fe80::1%eth0"), of("fe80::2"));
  assertEquals([of("::1"), of(undefined), sourceOf(undefined)], [
    "0:0:0:0::/64",
    "unknown",
    "unknown",
  ]);
});

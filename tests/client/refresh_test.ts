import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { clockOffset, floorMs, tokenState, tokenTimes } from "../../client/held_tokens.ts";

const T = 1_800_000_000;

function obtained(parts: Partial<Parameters<typeof tokenTimes>[0]> = {}) {
  const at = T * 1000;
  return { iat: T, exp: T + 300, sentAt: at, receivedAt: at, serverDate: undefined, ...parts };
}

Deno.test("tokenTimes plans the refresh at 75 % of the life, give or take 5 %", () => {
  for (const [jitter, share] of [[0, 0.70], [0.5, 0.75], [1, 0.80]] as const) {
    const { refreshAt } = tokenTimes(obtained(), jitter);
    assertAlmostEquals(refreshAt, (T + 300 * share) * 1000, 1);
  }
});

Deno.test("tokenTimes keeps min(60 s, 10 % of the life) back", () => {
  assertEquals(tokenTimes(obtained(), 0.5).deadAt, (T + 270) * 1000);
  assertEquals(tokenTimes(obtained({ exp: T + 3600 }), 0.5).deadAt, (T + 3540) * 1000);
  assertEquals([floorMs(300_000), floorMs(86_400_000)], [30_000, 60_000]);
});

Deno.test("tokenState is fresh, then due, then dead, at the turning points", () => {
  const times = { refreshAt: 10, deadAt: 20, gapMs: 1 };
  assertEquals([9, 10, 19, 20].map((now) => tokenState(times, now)), [
    "fresh",
    "due",
    "due",
    "dead",
  ]);
});

Deno.test("tokenTimes counts a token without iat from its arrival", () => {
  for (const iat of [undefined, T + 300]) {
    const times = tokenTimes(obtained({ iat, serverDate: T * 1000 - 1000 }), 0.5);
    if (iat === undefined) assertAlmostEquals(times.refreshAt, (T + 225) * 1000, 1);
    assert(times.refreshAt <= times.deadAt && times.deadAt <= (T + 300) * 1000);
  }
});

Deno.test("clockOffset takes the latest that the server's clock may show", () => {
  assertEquals(clockOffset(obtained({ serverDate: (T + 60) * 1000 })), 61_000);
  // Without Date, a token from the future shows that our clock is behind.
  assertEquals(clockOffset(obtained({ iat: T + 100 })), 100_000);
  // A Date that contradicts the token's own time is not believed.
  assertEquals(clockOffset(obtained({ serverDate: 0 })), 0);
});

Deno.test("tokenTimes never lets a token live past its end minus the floor, whatever the clocks say", () => {
  const second = fc.integer({ min: 0, max: 100_000 });
  fc.assert(fc.property(
    fc.record({
      lifetime: fc.integer({ min: 1, max: 90_000 }),
      skewMs: fc.integer({ min: -1e9, max: 1e9 }),
    }),
    fc.record({ travel: second, back: second, jitter: fc.double({ min: 0, max: 1, noNaN: true }) }),
    ({ lifetime, skewMs }, { travel, back, jitter }) => {
      // The request leaves at server time `sent`; the token is minted `travel` later and arrives `back` later.
      const sent = T * 1000, minted = sent + travel, arrived = minted + back;
      const iat = Math.floor(minted / 1000), exp = iat + lifetime;
      const serverDate = Math.floor(minted / 1000) * 1000;
      const times = tokenTimes({
        iat,
        exp,
        sentAt: sent - skewMs,
        receivedAt: arrived - skewMs,
        serverDate,
      }, jitter);
      const left = exp * 1000 - (times.deadAt + skewMs);
      assert(left >= floorMs(lifetime * 1000) - 1e-3, `${left} ms left`);
      assert(times.refreshAt <= times.deadAt);
    },
  ));
});

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { timeline } from "../../issuer/page/timeline.ts";
import { fromNow } from "../../issuer/page/format_time.ts";
import type { KeyStatus } from "../../keys/keyring_view.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 0, 10);

function key(times: Partial<KeyStatus> = {}): KeyStatus {
  return {
    kid: "abcdefgh-rest-of-the-thumbprint",
    alg: "RS256",
    state: "active",
    publishedAt: now - 2 * day,
    notBefore: now - day,
    retireAt: null,
    removeAt: null,
    compromisedAt: null,
    bootstrap: false,
    emergency: false,
    sealedWith: "kek",
    ...times,
  };
}

function bars(text: string): string[] {
  return [...text.matchAll(/<rect class="(\w+)" x="1" y="1" width="100%"/g)].map(([, name]) =>
    name!
  );
}

Deno.test("timeline draws the phases of a key and leaves out keys that verify nothing", () => {
  const planned = { retireAt: now + 6 * day, removeAt: now + 7 * day };
  const keys = [
    key(planned),
    key({ state: "compromised", compromisedAt: now }),
    key({ state: "removed" }),
  ];
  const text = String(timeline({ keys, now }));
  assertEquals(bars(text), ["published", "active", "retired"]);
  assertStringIncludes(text, 'role="img"');
  assertStringIncludes(text, "RS256 abcdefgh is active");
  assertEquals(String(timeline({ keys: [], now })), "");
});

Deno.test("timeline keeps every position inside the picture, whatever the times", () => {
  const time = fc.integer({ min: now - 400 * day, max: now + 400 * day });
  const keys = fc.array(
    fc.record({
      publishedAt: time,
      notBefore: time,
      retireAt: fc.option(time),
      removeAt: fc.option(time),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(fc.property(keys, (list) => {
    const text = String(timeline({ keys: list.map(key), now }));
    assert(!/NaN|Infinity|undefined/.test(text), text);
    for (const [, value] of text.matchAll(/(?:x|x1|width)="(-?[\d.]+)%"/g)) {
      assert(Number(value) >= 0 && Number(value) <= 100, text);
    }
  }));
});

Deno.test("timeline sits at once when nothing but a first key exists", () => {
  const text = String(timeline({ keys: [key({ publishedAt: now, notBefore: now })], now }));
  assertEquals(bars(text), ["active"]);
  assert(!text.includes("NaN"));
});

Deno.test("fromNow names the two greatest units and the direction", () => {
  assertEquals(fromNow(now + 6 * day + 23 * 3_600_000 + 59_000, now), "in 6 d 23 h");
  assertEquals(fromNow(now - 5 * 60_000, now), "5 min ago");
  assertEquals(fromNow(now + 30_000, now), "now");
  assertEquals(fromNow(now + day + 60_000, now), "in 1 d");
});

import { assert, assertEquals } from "@std/assert";
import type { Keyring } from "../../keys/keyring.ts";
import type { KeyPolicy } from "../../keys/key_policy.ts";
import { DAY, HOUR, MINUTE, setUp } from "./support.ts";

/** Keeps a JWKS for a time and asks for no unknown kid: the least forgiving relying party. */
function relyingParty(keepMs: number) {
  let kids = new Set<string>();
  let fetchedAt = -Infinity;
  return async (kid: string, { keyring, now }: { keyring: Keyring; now: number }) => {
    if (now - fetchedAt >= keepMs) {
      kids = new Set((await keyring.view()).jwks.map((jwk) => jwk.kid));
      fetchedAt = now;
    }
    return kids.has(kid);
  };
}

/** Days of an hourly token from one of three isolates, at a relying party that caches a day. */
async function live(days: number, policy: Partial<KeyPolicy> = {}) {
  const { isolate, clock, record } = setUp({ policy });
  const isolates = Array.from({ length: 3 }, () => isolate());
  const accepts = relyingParty(DAY);
  const kids = new Set<string>();
  let refused = 0;
  for (let hour = 0; hour < days * 24; hour++) {
    const signer = isolates[hour % 3]!;
    const verifier = isolates[(hour * 7) % 3]!;
    await isolates[(hour * 5) % 3]!.maintain();
    const { kid } = await signer.signingKey("EdDSA");
    kids.add(kid);
    // The token is presented when it is made and again at the end of its hour.
    if (!await accepts(kid, { keyring: verifier, now: clock.ms })) refused++;
    clock.advance(HOUR - MINUTE);
    if (!await accepts(kid, { keyring: verifier, now: clock.ms })) refused++;
    clock.advance(MINUTE);
  }
  for (const keyring of isolates) await keyring[Symbol.asyncDispose]();
  return { kids: kids.size, refused, last: await record() };
}

Deno.test("createKeyring rotates through a year and no token is refused", async () => {
  const { kids, refused, last } = await live(365);
  assertEquals(refused, 0);
  assertEquals(kids, 53, "a key a week");
  assert(last.keys.length <= 3);
});

Deno.test("createKeyring with the shortest lead fails those who cache for a day, as it must", async () => {
  const { refused } = await live(30, { lead: 725_000, period: 2 * HOUR, tail: 2 * HOUR });
  assert(refused > 0, "the year above proves nothing if this one passes as well");
});

import { assert, assertEquals } from "@std/assert";
import { createIdTokenClient } from "../../../client/mod.ts";
import { contextOf } from "../../../client/credentials/context.ts";
import { idTokenSource } from "../../../client/credentials/id_token_source.ts";
import type { CredentialOptions } from "../../../client/credentials/options.ts";
import { claimsOf, fakeClock, jwt } from "../_support.ts";

const audience = "https://cluster.example";
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** The least life left, in seconds, of all tokens given while one is asked for every `step` seconds. */
async function leastLife(
  { life, step }: { life: number; step: number },
  optionsOf: (mint: () => string, now: () => number) => CredentialOptions,
): Promise<number> {
  const { now, advance } = fakeClock();
  const seconds = () => Math.floor(now() / 1_000);
  const mint = () => jwt({ sub: "x", aud: audience, iat: seconds(), exp: seconds() + life });
  const source = idTokenSource(audience, contextOf({ now, ...optionsOf(mint, now) }));
  let least = Infinity;
  for (let age = 0; age < life * 3; age += step) {
    const { exp } = claimsOf(await source.get());
    least = Math.min(least, Number(exp) - seconds());
    await turn();
    advance(step * 1_000);
  }
  return least;
}

function clientOf(mint: () => string, now: () => number) {
  return createIdTokenClient({ source: mint, now, random: () => 0.5, env: () => undefined });
}

Deno.test("idTokenSource gives what its client gives, never one that the client has renewed", async () => {
  for (const life of [300, 3_600]) {
    const step = life / 60;
    const least = await leastLife({ life, step }, (mint, now) => ({
      client: clientOf(mint, now),
    }));
    assert(least >= life * 0.25 - step, `${least} of ${life} s`);
  }
});

Deno.test("idTokenSource holds what a function mints until min(300 s, 20 %) before its end", async () => {
  let minted = 0;
  const least = await leastLife({ life: 300, step: 5 }, (mint) => ({
    getIdToken: () => {
      minted++;
      return Promise.resolve(mint());
    },
  }));
  assertEquals([least, minted], [60, 4]);
});

Deno.test("idTokenSource goes by the whole life of a token that a function held for a while", async () => {
  // A held token that looked new at every look would be given to its very end.
  const least = await leastLife({ life: 300, step: 5 }, (mint, now) => {
    const client = clientOf(mint, now);
    return { getIdToken: (asked) => client.getIdToken(asked) };
  });
  assert(least >= 50, `${least} s`);
});

Deno.test("idTokenSource does not take a token that comes again for a younger one", async () => {
  const { now, advance } = fakeClock();
  const seconds = Math.floor(now() / 1_000) + 600;
  // The issuer's clock is ten minutes ahead, so that `exp` alone promises too much.
  const token = jwt({ sub: "x", aud: audience, iat: seconds, exp: seconds + 300 });
  let asked = 0;
  const source = idTokenSource(
    audience,
    contextOf({ now, getIdToken: () => (asked++, Promise.resolve(token)) }),
  );
  await source.get();
  advance(250_000);
  await source.get();
  await turn();
  advance(60_000);
  const before = asked;
  await source.get();
  assertEquals(asked, before + 1);
});

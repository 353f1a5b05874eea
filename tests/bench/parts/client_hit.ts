import { createIdTokenClient } from "../../../client/create_id_token_client.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { startPeer } from "../peers.ts";
import { plainCache } from "../plain_cache.ts";
import { row } from "../row.ts";
import { sampleJwt } from "../sample_jwt.ts";

const audience = "https://api.example";
const calls = 200_000;

/** A token that the client holds. */
export const clientHit: Part = {
  name: "client-hit",
  async run({ rounds }) {
    const jwt = sampleJwt(audience);
    using client = createIdTokenClient({ source: () => jwt });
    const plain = plainCache([audience], jwt);
    await using peer = await startPeer<string[]>("cached_tokens.mjs", { args: ["2000"] });
    const asked = (name: string) => async () => Number(await peer.ask(name));
    const values = await interleave({
      ours: () => nanoseconds(() => client.getIdToken(audience)),
      plain: () => nanoseconds(() => plain(audience)),
      vercel: asked("vercel"),
      vercelAudience: asked("vercelAudience"),
      actions: asked("actions"),
    }, { rounds: rounds * 3 });
    const perSecond = (times: readonly number[]) => times.map((time) => 1e9 / time);
    const times = (
      name: keyof typeof values,
      { against, least }: { against: string; least: number },
    ) =>
      row({
        ...{ what: "cached getIdToken(aud)", unit: "/s", ours: perSecond(values.ours) },
        ...{ against, limit: perSecond(values[name]), goal: { atLeast: least } },
      });
    return [
      row({
        ...{ what: "cached getIdToken(aud)", unit: "ns", ours: values.ours, limit: values.plain },
        ...{ against: "async function, Map, clock check", goal: { atMost: 1.15 } },
      }),
      times("vercel", { against: "@vercel/oidc", least: 100 }),
      times("vercelAudience", { against: "@vercel/oidc, audience held", least: 1_000 }),
      times("actions", { against: "@actions/core", least: 5_000 }),
    ];
  },
};

async function nanoseconds(call: () => Promise<string>): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < calls; index++) await call();
  return (performance.now() - start) / calls * 1e6;
}

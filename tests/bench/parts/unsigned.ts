import { program, startChild } from "../child.ts";
import { audienceOf, loadTokens, startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import { load } from "../load.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

/** Everything but the signature: HTTP, authentication, claims, encoding. */
export const unsigned: Part = {
  name: "unsigned",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess({ unsigned: true });
    await using hello = await startChild<{ url: string }>(program("servers/hello.ts"));
    const bare = { url: hello.hello.url, requests: [{ path: "/" }], connections: 32, seconds };
    const values = await interleave({
      ours: async () =>
        (await loadTokens(issuer, { audience: audienceOf.RS256, seconds })).perSecond,
      hello: async () => (await load(bare)).perSecond,
    }, { rounds });
    return [row({
      ...{ what: "token route without its signature", unit: "/s", ours: values.ours },
      ...{ against: "bare Deno.serve hello", limit: values.hello, goal: { atLeast: 0.36 } },
    })];
  },
};

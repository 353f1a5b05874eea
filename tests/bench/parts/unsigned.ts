import { program, startChild } from "../child.ts";
import { interleave } from "../interleave.ts";
import { audienceOf, loadTokens, startIssuerProcess, tokenRequests } from "../issuer_load.ts";
import { load } from "../load.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

/** Everything but the signature: HTTP, authentication, limits, claims, encoding. */
export const unsigned: Part = {
  name: "unsigned",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess({ unsigned: true });
    await using hello = await startChild<{ url: string }>(program("servers/hello.ts"));
    await using bare = await startChild<{ url: string }>(program("servers/bare_tokens.ts"));
    const audience = audienceOf.RS256;
    const [first] = tokenRequests(issuer.hello.tokens, audience);
    const answer = await fetch(issuer.hello.url + first!.path, { headers: first!.headers });
    const { date: _, "content-length": __, vary: ___, ...headers } = Object.fromEntries(
      answer.headers,
    );
    await using constant = await startChild<{ url: string }>(program("servers/hello.ts"), {
      args: [JSON.stringify({ body: await answer.text(), headers })],
    });
    const shared = { connections: 32, seconds };
    const requests = tokenRequests(issuer.hello.tokens, audience);
    const values = await interleave({
      ours: async () => (await loadTokens(issuer, { audience, seconds })).perSecond,
      bare: async () => (await load({ ...shared, url: bare.hello.url, requests })).perSecond,
      constant: async () =>
        (await load({ ...shared, url: constant.hello.url, requests })).perSecond,
      hello: async () =>
        (await load({ ...shared, url: hello.hello.url, requests: [{ path: "/" }] })).perSecond,
    }, { rounds });
    const what = "token route without its signature";
    return [
      row({
        ...{ what, unit: "/s", ours: values.ours, limit: values.hello },
        ...{ against: "bare Deno.serve hello", goal: { atLeast: 0.36 } },
      }),
      row({
        ...{ what, unit: "/s", ours: values.ours, limit: values.bare },
        ...{ against: "bare digest, claims, encoding", goal: "shown" },
      }),
      row({
        ...{ what: "a constant of the same bytes and headers", unit: "/s" },
        ...{ ours: values.constant, limit: values.hello },
        ...{ against: "bare Deno.serve hello", goal: "shown" },
      }),
    ];
  },
};

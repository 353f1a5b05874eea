import { program, startChild } from "../child.ts";
import { startIssuerProcess } from "../issuer_load.ts";
import { interleave } from "../interleave.ts";
import { load } from "../load.ts";
import type { Part } from "../part.ts";
import { row } from "../row.ts";

const path = "/.well-known/jwks.json";

/** `jwks.json` against a bare server that answers the same bytes with the same headers. */
export const jwks: Part = {
  name: "jwks",
  async run({ rounds, seconds }) {
    await using issuer = await startIssuerProcess({ workloads: 1 });
    const { url } = issuer.hello;
    const answer = await fetch(url + path);
    const { date: _, "content-length": __, vary: ___, ...headers } = Object.fromEntries(
      answer.headers,
    );
    const same = JSON.stringify({ body: await answer.text(), headers });
    await using bare = await startChild<{ url: string }>(program("servers/hello.ts"), {
      args: [same],
    });
    await using hello = await startChild<{ url: string }>(program("servers/hello.ts"));
    const again = await fetch(url + path, { headers: { "if-none-match": headers.etag! } });
    const { date: _d, vary: _v, ...few } = Object.fromEntries(again.headers);
    await using bare304 = await startChild<{ url: string }>(program("servers/hello.ts"), {
      args: [JSON.stringify({ body: null, status: 304, headers: few })],
    });
    const shared = { connections: 32, seconds };
    const known = { path, headers: { "if-none-match": headers.etag! } };
    const get = async (from: string) =>
      (await load({ ...shared, url: from, requests: [{ path }] })).perSecond;
    const revalidate = async (from: string) =>
      (await load({ ...shared, url: from, requests: [known], status: 304 })).perSecond;
    const values = await interleave({
      full: () => get(url),
      bare: () => get(bare.hello.url),
      unchanged: () => revalidate(url),
      bare304: () => revalidate(bare304.hello.url),
      hello: () => get(hello.hello.url),
    }, { rounds });
    return [
      row({
        ...{ what: "jwks.json, 200", unit: "/s", ours: values.full, limit: values.bare },
        ...{ against: "bare, same bytes and headers", goal: { atLeast: 0.95 } },
      }),
      row({
        ...{ what: "jwks.json, 304", unit: "/s", ours: values.unchanged, limit: values.hello },
        ...{ against: "bare Deno.serve hello", goal: { atLeast: 0.80 } },
      }),
      row({
        ...{ what: "bare 304, same headers", unit: "/s", ours: values.bare304 },
        ...{ against: "bare Deno.serve hello", limit: values.hello, goal: "shown" },
      }),
    ];
  },
};

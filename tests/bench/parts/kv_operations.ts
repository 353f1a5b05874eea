import { createIssuerWith } from "../../../issuer/create_issuer.ts";
import { createSigners } from "../../../keys/create_signers.ts";
import type { Kv } from "../../../kv/kv.ts";
import { memoryKv } from "../../../kv/memory_kv.ts";
import { platformNetwork } from "../../_support/platform_issuer.ts";
import type { Part } from "../part.ts";
import { atMost } from "../row.ts";
import { makeWorkloads } from "../workloads.ts";

const url = "https://tokens.example";
const platformUrl = "https://platform.example";
const audience = "https://api.example";
const tokens = 50;

/** What the store has to do for a token, counted. */
export const kvOperations: Part = {
  name: "kv-operations",
  async run() {
    const { kv, count } = countingKv();
    const network = platformNetwork();
    const platform = await network.add(platformUrl);
    const made = makeWorkloads(url, 1);
    const rule = { issuer: platformUrl, audience: url, claims: { sub: "web" }, singleUse: true };
    const [record] = made.records;
    const records = [{ ...record!, workload: { ...record!.workload, trust: [rule] } }];
    const profiles = [{ name: "bench", audiences: [audience], alg: "EdDSA" as const }];
    const keyEncryptionKeys = [new Uint8Array(32).fill(7)];
    await using issuer = createIssuerWith({
      ...{ issuer: url, kv, workloads: records, profiles, keyEncryptionKeys, fetch: network.fetch },
    }, { signers: createSigners({ workers: 0 }) });
    const byRequestToken = () =>
      issuer.fetch(
        new Request(`${url}/token?audience=${audience}`, {
          headers: { authorization: `Bearer ${made.tokens[0]}` },
        }),
      );
    const byExchange = async () => {
      const iat = Math.floor(Date.now() / 1000);
      const claims = { sub: "web", aud: url, iat, exp: iat + 300, jti: crypto.randomUUID() };
      const body = new URLSearchParams({
        ...{ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", audience },
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        subject_token: await platform.sign(claims),
      });
      return issuer.fetch(new Request(`${url}/token`, { method: "POST", body }));
    };
    return [
      atMost(0, {
        ...{ what: "KV operations per token, request token", unit: "operations" },
        ours: [await perToken(byRequestToken, count)],
      }),
      atMost(1, {
        ...{ what: "KV operations per token, single-use exchange", unit: "operations" },
        ours: [await perToken(byExchange, count)],
      }),
    ];
  },
};

async function perToken(ask: () => Promise<Response>, count: { now: number }): Promise<number> {
  await ask();
  const before = count.now;
  for (let index = 0; index < tokens; index++) {
    const response = await ask();
    if (!response.ok) throw new Error(`Cannot count: ${await response.text()}`);
  }
  return (count.now - before) / tokens;
}

/** A store in memory that counts reads and commits. */
function countingKv(): { kv: Kv; count: { now: number } } {
  const kv = memoryKv();
  const count = { now: 0 };
  const counted =
    <Rest extends unknown[], Result>(call: (...rest: Rest) => Result) => (...rest: Rest) => {
      count.now++;
      return call(...rest);
    };
  return {
    count,
    kv: {
      get: counted((key) => kv.get(key)),
      getMany: counted((keys) => kv.getMany(keys)),
      list: counted((selector, options) => kv.list(selector, options)),
      atomic: counted(() => kv.atomic()),
      close: () => kv.close(),
    },
  };
}

import { assertEquals, assertRejects } from "@std/assert";
import type { Caller } from "../../issuer/authenticate/caller.ts";
import { ProofError, TokenError } from "../../issuer/errors.ts";
import { KvUnavailableError } from "../../kv/errors.ts";
import { limitCallers } from "../../issuer/limit_callers.ts";

const proof = { issuer: "https://tokens.test", digest: "d".repeat(64), source: "192.0.2.1" };
const caller = { workload: { workload: { id: "web" } }, credential: "first" } as unknown as Caller;

const refusals: Record<string, () => Promise<Caller>> = {
  "thrown at once": () => {
    throw new ProofError("credential expired");
  },
  "rejected later": () => Promise.reject(new ProofError("credential expired")),
};

for (const [how, refuse] of Object.entries(refusals)) {
  Deno.test(`limitCallers charges the source again for a proof that is good no more, ${how}`, async () => {
    const limit = limitCallers({ perMinute: 2, now: () => 0 });
    const attempt = async (authenticate: () => Caller | Promise<Caller>) =>
      await limit(proof, authenticate);
    assertEquals(await attempt(() => caller), caller);
    // Charged to the credential, which is known; the two after it to the source.
    for (let time = 0; time < 3; time++) await assertRejects(() => attempt(refuse), ProofError);
    const { reason } = await assertRejects(() => attempt(refuse), TokenError);
    assertEquals(reason, "rate_limited_source");
  });
}

Deno.test("limitCallers does not charge the source for a store that does not answer a proven caller", async () => {
  const limit = limitCallers({ perMinute: 4, now: () => 0 });
  const attempt = async (authenticate: () => Caller | Promise<Caller>) =>
    await limit(proof, authenticate);
  const unanswered = () => Promise.reject(new KvUnavailableError("no answer"));
  await attempt(() => caller);
  for (let time = 0; time < 3; time++) {
    await assertRejects(() => attempt(unanswered), KvUnavailableError);
  }
  const { reason } = await assertRejects(() => attempt(unanswered), TokenError);
  assertEquals(reason, "rate_limited_credential", "its own limit, not its address's");
});

Deno.test("limitCallers charges the source for a single-use proof that comes again", async () => {
  const limit = limitCallers({ perMinute: 2, now: () => 0 });
  const attempt = async (authenticate: () => Caller | Promise<Caller>) =>
    await limit(proof, authenticate);
  await attempt(() => ({ ...caller, consume: () => Promise.resolve() }));
  const replayed = () => Promise.reject(new ProofError("token_replayed"));
  for (let time = 0; time < 2; time++) await assertRejects(() => attempt(replayed), ProofError);
  const { reason } = await assertRejects(() => attempt(replayed), TokenError);
  assertEquals(reason, "rate_limited_source");
});

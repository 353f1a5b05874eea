import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createIdTokenClient } from "../../client/create_id_token_client.ts";
import { floorMs } from "../../client/held_tokens.ts";
import { claimsOf, emptyRuntime, envOf, jwt } from "./_support.ts";

const AUDIENCES = ["a", "b", "__proto__"];
const START = 1_800_000_000_000;

type Step =
  | { do: "ask"; audience: number; abort: boolean }
  | { do: "advance"; ms: number }
  | { do: "answer"; lifetime: number }
  | { do: "fail"; status: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("ask" as const),
      audience: fc.nat(AUDIENCES.length - 1),
      abort: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      ms: fc.oneof(fc.nat(5000), fc.nat(100_000)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      lifetime: fc.integer({ min: 5, max: 900 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      status: fc.constantFrom(0, 400, 429, 503),
    }),
  },
);

/** A client before an endpoint that answers when told; the endpoint's clock is the true one. */
class World {
  time = START;
  readonly pending: { audience: string; settle: (outcome: Response | Error) => void }[] = [];
  readonly client;
  requests = 0;
  given = 0;

  constructor(skewMs: number, jitter: number) {
    this.client = createIdTokenClient({
      source: "github-actions",
      env: envOf({
        ACTIONS_ID_TOKEN_REQUEST_URL: "https://actions.example/?job=1",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
      }),
      runtime: emptyRuntime(),
      now: () => this.time + skewMs,
      random: () => jitter,
      sleep: () => Promise.resolve(),
      fetch: (url) => this.request(new URL(String(url)).searchParams.get("audience")!),
    });
  }

  request(audience: string): Promise<Response> {
    this.requests++;
    const twin = this.pending.some((other) => other.audience === audience);
    assert(!twin, `two requests in flight for ${audience}`);
    return new Promise((resolve, reject) => {
      const settle = (outcome: Response | Error) =>
        outcome instanceof Error ? reject(outcome) : resolve(outcome);
      this.pending.push({ audience, settle });
    });
  }

  answer(lifetime: number): void {
    const request = this.pending.shift();
    if (request === undefined) return;
    const iat = Math.floor(this.time / 1000);
    const value = jwt({ aud: request.audience, iat, exp: iat + lifetime });
    const headers = { date: new Date(this.time).toUTCString() };
    request.settle(Response.json({ value }, { headers }));
  }

  fail(status: number): void {
    const outcome = status === 0 ? new TypeError("reset") : new Response("{}", { status });
    this.pending.shift()?.settle(outcome);
  }

  ask(audience: string, abort: boolean): void {
    const controller = new AbortController();
    const options = abort ? { signal: controller.signal } : undefined;
    this.client.getIdToken(audience, options).then(
      (token) => this.check(token, audience),
      () => {},
    );
    if (abort) controller.abort();
  }

  check(token: string, audience: string): void {
    this.given++;
    const { aud, iat, exp } = claimsOf(token) as { aud: string; iat: number; exp: number };
    assertEquals(aud, audience);
    const left = exp * 1000 - this.time;
    assert(left >= floorMs((exp - iat) * 1000), `${left} ms left of ${exp - iat} s`);
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await undefined;
}

async function opened(skewMs: number, jitter: number): Promise<World> {
  const world = new World(skewMs, jitter);
  const warm = world.client.getIdToken("warm-up");
  while (world.pending.length === 0) await new Promise((done) => setTimeout(done, 0));
  world.answer(300);
  await warm;
  return world;
}

Deno.test("getIdToken keeps its promises under any interleaving (hazard 2.13)", async () => {
  let given = 0;
  const failures: unknown[] = [];
  const catcher = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    failures.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", catcher);
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80, size: "max" }),
      fc.constantFrom(0, -7_200_000, 7_200_000, 1234),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      async (steps, skewMs, jitter) => {
        const world = await opened(skewMs, jitter);
        using client = world.client;
        for (const step of steps) {
          if (step.do === "ask") world.ask(AUDIENCES[step.audience]!, step.abort);
          if (step.do === "advance") world.time += step.ms;
          if (step.do === "answer") world.answer(step.lifetime);
          if (step.do === "fail") world.fail(step.status);
          await settle();
          assertEquals(failures, []);
        }
        given += world.given;
        // Failures are not kept: once the endpoint is well, everyone is served.
        while (world.pending.length > 0) (world.fail(400), await settle());
        for (const audience of AUDIENCES) {
          const token = client.getIdToken(audience);
          await settle();
          world.answer(300);
          world.check(await token, audience);
        }
      },
    ),
    { numRuns: 150 },
  );
  globalThis.removeEventListener("unhandledrejection", catcher);
  assert(given > 500, `only ${given} tokens were given: the steps do not reach the cache`);
});

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { checkUrl } from "../../../client/credentials/check_url.ts";
import { clockOffset } from "../../../client/credentials/timing.ts";
import { contextOf } from "../../../client/credentials/context.ts";
import { CredentialError } from "../../../client/credentials/credential_error.ts";
import { redact, retryAfterMs, send } from "../../../client/credentials/http.ts";
import { pauseBefore, retry } from "../../../client/credentials/retry.ts";

const fail = (details: ConstructorParameters<typeof CredentialError>[1]) =>
  new CredentialError("reach the vendor", details);
const url = "https://vendor.test/token";

function answering(answer: (request: Request) => Response | Promise<Response>): typeof fetch {
  return async (input, init) => await answer(new Request(input, init));
}

Deno.test("send refuses redirects instead of following them", async () => {
  const seen: (string | undefined)[] = [];
  const spy: typeof fetch = (_input, init) => {
    seen.push(init?.redirect);
    return Promise.resolve(new Response("{}"));
  };
  await send({ url }, contextOf({ fetch: spy }), fail);
  assertEquals(seen, ["error"]);
});

Deno.test("send gives up at the deadline and calls that retryable", async () => {
  const hang = answering((request) =>
    new Promise((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    })
  );
  const error = await assertRejects(
    () => send({ url }, contextOf({ fetch: hang, timeoutMs: 5 }), fail),
    CredentialError,
    "did not answer in time",
  ) as CredentialError;
  assertEquals([error.code, error.retryable], ["unavailable", true]);
});

Deno.test("send rejects with the caller's reason when the caller aborts", async () => {
  const stop = new AbortController();
  const fetch = answering(() => {
    stop.abort(new Error("shutting down"));
    throw new TypeError("aborted");
  });
  const context = contextOf({ fetch, signal: stop.signal });
  await assertRejects(() => send({ url }, context, fail), Error, "shutting down");
});

Deno.test("send gives up at the deadline though fetch, or the body, does not heed its signal", async () => {
  const deaf = () => new Promise<never>(() => {});
  const context = (fetch: typeof globalThis.fetch) => contextOf({ fetch, timeoutMs: 5 });
  await assertRejects(() => send({ url }, context(deaf), fail), CredentialError, "in time");
  const stuck = () => Promise.resolve(new Response(new ReadableStream()));
  await assertRejects(() => send({ url }, context(stuck), fail), CredentialError, "in time");
});

Deno.test("retry ends its pause when the helper's signal aborts", async () => {
  const stop = new AbortController();
  const context = contextOf({ signal: stop.signal });
  let tries = 0;
  const throttled = () => {
    tries++;
    setTimeout(() => stop.abort(new Error("shutting down")));
    return Promise.reject(
      fail({ code: "throttled", retryable: true, retryAfterMs: 20_000 }),
    );
  };
  // A pause that goes on would leave its timer behind, which fails this test.
  await assertRejects(() => retry(context, throttled), Error, "shutting down");
  assertEquals(tries, 1);
});

Deno.test("send reads at most 1 MiB", async () => {
  const fetch = answering(() => new Response("x".repeat(1_048_577)));
  const error = await assertRejects(
    () => send({ url }, contextOf({ fetch }), fail),
    CredentialError,
    "larger than 1 MiB",
  ) as CredentialError;
  assertEquals(error.code, "invalid_response");
});

Deno.test("retry tries again only what is retryable, with full jitter under the cap", async () => {
  const pauses: number[] = [];
  const sleep = (ms: number) => Promise.resolve(void pauses.push(ms));
  const context = contextOf({ sleep, random: () => 0.5, attempts: 4 });
  let tries = 0;
  const attempt = (retryable: boolean) => () => {
    tries++;
    return Promise.reject(fail({ code: "unavailable", retryable }));
  };
  await assertRejects(() => retry(context, attempt(true)), CredentialError);
  assertEquals([tries, pauses], [4, [100, 200, 400]]);
  await assertRejects(() => retry(context, attempt(false)), CredentialError);
  assertEquals(tries, 5);
});

Deno.test("pauseBefore waits at least as long as the vendor asks, and not for ever", () => {
  const context = { attempts: 3, random: () => 0, spreadingMs: 0 };
  const error = (retryAfterMs: number) =>
    fail({ code: "throttled", retryable: true, retryAfterMs });
  assertEquals(pauseBefore(error(7_000), context, { tries: 1, spentMs: 0 }), 7_000);
  assertEquals(pauseBefore(error(3_600_000), context, { tries: 1, spentMs: 0 }), undefined);
});

Deno.test("pauseBefore waits for a change that spreads only as long as the caller allows", () => {
  const error = fail({ code: "access_denied", mayBeSpreading: true });
  const context = { attempts: 1, random: () => 0, spreadingMs: 15_000 };
  assertEquals(pauseBefore(error, context, { tries: 9, spentMs: 14_000 }), 3_000);
  assertEquals(pauseBefore(error, context, { tries: 9, spentMs: 15_000 }), undefined);
});

Deno.test("retryAfterMs reads seconds and dates", () => {
  const read = (value: string) => retryAfterMs(new Headers({ "retry-after": value }), 0);
  assertEquals([read("3"), read("Thu, 01 Jan 1970 00:00:09 GMT"), read("soon")], [
    3_000,
    9_000,
    undefined,
  ]);
});

Deno.test("checkUrl takes https, and http on loopback only", () => {
  assertEquals(checkUrl("endpoint", "https://vault.test:8200/"), "https://vault.test:8200");
  for (const host of ["127.0.0.1:80", "localhost", "[::1]:8200"]) {
    checkUrl("endpoint", `http://${host}`);
  }
  for (
    const bad of [
      "http://vault.test",
      "http://127.0.0.1.evil.test",
      "https://a:b@vault.test",
      "vault",
    ]
  ) {
    assertThrows(() => checkUrl("endpoint", bad), TypeError, "Cannot use endpoint");
  }
});

Deno.test("redact removes given secrets, tokens and control characters", () => {
  const text = redact(
    "Value 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln' or hvs.abc\nFAKE \u001b[31m",
    [
      "hvs.abc",
    ],
  );
  assertEquals(text, "Value '[redacted]' or [redacted] FAKE  [31m");
  assert(redact("y".repeat(5_000)).length <= 1_001);
});

Deno.test("clockOffset ignores what the header's whole seconds cannot tell", () => {
  const at = Date.parse("2026-01-01T00:00:00Z");
  const headers = new Headers({ date: "Thu, 01 Jan 2026 00:10:00 GMT" });
  assertEquals(clockOffset(headers, at), 600_000);
  assertEquals(clockOffset(headers, at + 597_000), 0);
  assertEquals(clockOffset(new Headers(), at), 0);
});

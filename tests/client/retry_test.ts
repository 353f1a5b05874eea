import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { IdTokenError, type IdTokenErrorCode } from "../../client/errors.ts";
import { Flight } from "../../client/flight.ts";
import { retryDelayMs, sleep, withRetries } from "../../client/retry.ts";

function failing(code: IdTokenErrorCode, retryAfterMs?: number) {
  return new IdTokenError("Cannot", { code, retryAfterMs });
}

function policy(slept: number[], parts: { wanted?: boolean; timeoutMs?: number } = {}) {
  return {
    flight: new Flight(parts.wanted ?? true),
    random: () => 0.5,
    sleep: (ms: number) => (slept.push(ms), Promise.resolve()),
    timeoutMs: parts.timeoutMs ?? 10_000,
  };
}

Deno.test("withRetries tries four times, with full jitter over a growing bound", async () => {
  for (const code of ["rate_limited", "unavailable", "network_error", "timeout"] as const) {
    const slept: number[] = [];
    let tries = 0;
    const attempt = () => (tries++, Promise.reject(failing(code)));
    await assertRejects(() => withRetries(attempt, policy(slept)), IdTokenError);
    assertEquals([tries, slept], [4, [100, 200, 400]]);
  }
});

Deno.test("withRetries does not repeat what cannot change", async () => {
  for (const error of [failing("credential_refused"), failing("invalid_token"), new TypeError()]) {
    let tries = 0;
    const attempt = () => (tries++, Promise.reject(error));
    await assertRejects(() => withRetries(attempt, policy([])));
    assertEquals(tries, 1);
  }
});

Deno.test("withRetries tries once while nobody waits, and goes on when somebody comes", async () => {
  let tries = 0;
  const attempt = () => (tries++, Promise.reject(failing("unavailable")));
  await assertRejects(() => withRetries(attempt, policy([], { wanted: false })));
  assertEquals(tries, 1);
  const joined = policy([], { wanted: false });
  const running = withRetries(() => (joined.flight.join(), attempt()), joined);
  await assertRejects(() => running);
  assertEquals(tries, 5);
});

Deno.test("retryDelayMs never comes back before Retry-After, nor waits for long", () => {
  const context = { count: 1, random: () => 0 };
  assertEquals(retryDelayMs(failing("rate_limited", 7000), context), 7000);
  assertEquals(retryDelayMs(failing("unavailable", 30_001), context), undefined);
});

Deno.test("withRetries ends a try that does not answer", async () => {
  const reasons: unknown[] = [];
  const attempt = (signal: AbortSignal) =>
    new Promise<never>(() => {
      signal.addEventListener("abort", () => reasons.push(signal.reason));
    });
  const options = policy([], { timeoutMs: 1 });
  const error = await assertRejects(() => withRetries(attempt, options), IdTokenError);
  assertEquals((error as IdTokenError).code, "timeout");
  assertEquals([reasons.length, reasons.at(-1) === error], [4, true]);
});

Deno.test("withRetries ends with its flight, in a try and between two", async () => {
  const signals: AbortSignal[] = [];
  const attempt = (signal: AbortSignal) => {
    signals.push(signal);
    return signals.length === 1 ? Promise.reject(failing("unavailable")) : new Promise(() => {});
  };
  for (const steps of [1, 2]) {
    signals.length = 0;
    const flight = new Flight(true);
    const end = failing("client_closed");
    const running = withRetries(attempt, {
      ...{ flight, random: () => 0.5, timeoutMs: 10_000 },
      sleep: (_, signal) => {
        if (steps === 1) queueMicrotask(() => flight.end(end));
        return steps === 1 ? sleep(60_000, signal) : Promise.resolve();
      },
    });
    while (signals.length < steps) await undefined;
    if (steps === 2) flight.end(end);
    const error = await assertRejects(() => running, IdTokenError);
    assertEquals([error === end, signals.length], [true, steps]);
    if (steps === 2) assertEquals(signals[1]!.reason, end);
    assertThrows(() => flight.begin(() => {}), IdTokenError);
  }
});

Deno.test("sleep ends with its signal and leaves no timer", async () => {
  await sleep(0, new AbortController().signal);
  const controller = new AbortController();
  const waiting = sleep(60_000, controller.signal);
  controller.abort(new Error("over"));
  await assertRejects(() => waiting, Error, "over");
  await assertRejects(() => sleep(60_000, controller.signal), Error, "over");
});

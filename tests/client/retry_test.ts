import { assertEquals, assertRejects } from "@std/assert";
import { IdTokenError, type IdTokenErrorCode } from "../../client/errors.ts";
import { retryDelayMs, sleep, withRetries } from "../../client/retry.ts";

function failing(code: IdTokenErrorCode, retryAfterMs?: number) {
  return new IdTokenError("Cannot", { code, retryAfterMs });
}

function policy(slept: number[], parts: { wanted?: boolean; timeoutMs?: number } = {}) {
  return {
    wanted: () => parts.wanted ?? true,
    random: () => 0.5,
    sleep: (ms: number) => (slept.push(ms), Promise.resolve()),
    timeoutMs: parts.timeoutMs ?? 10_000,
    signal: new AbortController().signal,
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
  let wanted = false;
  const attempt = () => (tries++, Promise.reject(failing("unavailable")));
  await assertRejects(() => withRetries(attempt, policy([], { wanted: false })));
  assertEquals(tries, 1);
  const joined = { ...policy([]), wanted: () => wanted };
  const running = withRetries(() => (wanted = true, attempt()), joined);
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

/** An attempt that waits for nothing but its signal, as one that only fetches does. */
function heeding(tries: AbortSignal[], fail = (signal: AbortSignal): unknown => signal.reason) {
  return (signal: AbortSignal) => {
    tries.push(signal);
    return new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(fail(signal)));
    });
  };
}

Deno.test("withRetries ends a try that heeds its signal, by the signal alone", async () => {
  const tries: AbortSignal[] = [];
  const options = { ...policy([], { timeoutMs: 1 }), heedsSignal: () => true };
  const error = await assertRejects(() => withRetries(heeding(tries), options), IdTokenError);
  assertEquals([(error as IdTokenError).code, tries.length], ["timeout", 4]);
  assertEquals(tries.every(({ reason }) => reason.name === "TimeoutError"), true);
});

Deno.test("withRetries leaves an error alone that is not its deadline's", async () => {
  const options = { ...policy([], { timeoutMs: 1 }), heedsSignal: () => true };
  const own = new TypeError("own");
  const error = await assertRejects(() => withRetries(heeding([], () => own), options));
  assertEquals(error, own);
});

Deno.test("withRetries ends with its signal, whether a try heeds it or not", async () => {
  for (const heeds of [true, false]) {
    const closing = new AbortController();
    const tries: AbortSignal[] = [];
    const options = { ...policy([]), signal: closing.signal, heedsSignal: () => heeds };
    const running = withRetries(heeding(tries), options);
    closing.abort(failing("unavailable"));
    const error = await assertRejects(() => running, IdTokenError);
    assertEquals([error === closing.signal.reason, tries.length], [true, 1]);
    assertEquals(tries[0]!.reason, error);
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

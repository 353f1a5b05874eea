import type { IssuerOptions } from "../../issuer/create_issuer.ts";
import type { Kv } from "../../kv/kv.ts";
import { signingParts } from "../_support/signing_parts.ts";
import { type StartedIssuer, startIssuer } from "../_support/start_issuer.ts";

/** The audience that tokens are asked for. */
export const audience = "https://api.acme.test";

/** Isolates of one deployment: one clock, and keys that no two of them make alike. */
export function deployment(options: Partial<IssuerOptions> = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) };
  const { generateKey } = signingParts();
  return {
    clock,
    /** An isolate; while `isDown` says so it gives the KV 20 ms in place of two seconds. */
    isolate(
      kv: Kv,
      { isDown = () => false, ...more }: Partial<IssuerOptions> & { isDown?: () => boolean } = {},
    ): StartedIssuer {
      const sleep = (ms: number, signal: AbortSignal) => wait(isDown() ? 20 : ms, signal);
      const kvGuard = { sleep, now: () => clock.now };
      const parts = { generateKey, kvGuard };
      return startIssuer({ kv, now: () => clock.now, ...options, ...more }, parts);
    },
  };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()));
  });
}

/** The status of an answer, whose body is let go of. */
export async function statusOf(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  await response.body?.cancel();
  return response.status;
}

/** The kids of an isolate's JWKS. */
export async function kidsOf(isolate: StartedIssuer): Promise<string[]> {
  const { keys } = await (await isolate.get("/.well-known/jwks.json")).json();
  return keys.map(({ kid }: { kid: string }) => kid);
}

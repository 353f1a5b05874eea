/** Milliseconds for running requests: Deno Deploy kills five seconds after SIGINT. */
const grace = 4_000;

/**
 * On SIGINT and SIGTERM finishes what runs, then exits. Needed under `deno serve` too: a registered
 * cron keeps the process from ending by itself.
 */
export function drainOnSignals(steps: {
  /** Stops accepting and resolves when nothing runs any more. */
  readonly stop: () => Promise<unknown>;
  /** Ends what the issuer holds. */
  readonly close: () => Promise<unknown>;
}): void {
  let draining = false;
  const drain = async () => {
    if (draining) return;
    draining = true;
    const late = new Promise<void>((resolve) => setTimeout(resolve, grace));
    await Promise.race([steps.stop().then(steps.close).catch(() => {}), late]);
    Deno.exit(0);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, drain);
}

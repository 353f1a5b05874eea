/**
 * `deno task soak`: an issuer process under a mixed flood, thirty minutes or `--minutes N`. Prints a
 * line per minute and fails where memory does not stay flat or an answer is not the right one.
 */
import { judge, type Sample, type Verdict } from "./flatness.ts";
import { createFlood, pour } from "./flood.ts";
import { startSoakIssuer } from "./issuer_process.ts";
import { startPlatform } from "./platform.ts";

const mebibyte = 2 ** 20;
/** Requests per minute of one credential or address: the greedy ones are to meet it. */
const rateLimit = 600;
/** Part of all answers that may be "try again soon": a loaded machine stalls for a KV's deadline. */
const allowedBusy = 1e-4;

function minutesFrom(args: readonly string[]): number {
  const [name, value, ...rest] = args;
  const minutes = name === undefined ? 30 : Number(value);
  if ((name === undefined || name === "--minutes") && minutes >= 1 && rest.length === 0) {
    return minutes;
  }
  throw new TypeError("Cannot read the command line: give --minutes N, 1 or more, or nothing");
}

const shown = (mib: number | undefined) => `${(mib ?? NaN).toFixed(1).padStart(6)} MiB`;

function tell(name: string, { isFlat, median, perHour, growth }: Verdict): boolean {
  const slope = `${perHour >= 0 ? "+" : ""}${perHour.toFixed(1)} MiB/h`;
  const grown = `${(growth * 100).toFixed(1)} % over the time watched`;
  console.log(
    `${name}: median ${median.toFixed(1)} MiB, ${slope}, ${grown}: ${isFlat ? "flat" : "NOT FLAT"}`,
  );
  return isFlat;
}

async function soak(minutes: number): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  const rss: Sample[] = [], held: Sample[] = [], faults = new Map<string, number>();
  const counts = new Map<string, number>(), started = performance.now();
  const elapsed = () => (performance.now() - started) / 60_000;
  try {
    await using platform = await startPlatform();
    await using issuer = await startSoakIssuer({
      ...{ folder, rateLimit },
      onMemory(report) {
        const at = elapsed();
        rss.push({ at, value: report.rss / mebibyte });
        if (report.held === undefined) return;
        held.push({ at, value: report.held / mebibyte });
        console.log(
          `${at.toFixed(0).padStart(3)} min  resident ${shown(rss.at(-1)?.value)}  held ${
            shown(held.at(-1)?.value)
          }  ${totalOf(counts)} requests  ${totalOf(faults)} faults`,
        );
      },
    });
    const streams = await createFlood(issuer, platform);
    const stop = new AbortController();
    // A little longer, so that the last minute has its line.
    const timer = setTimeout(() => stop.abort(), minutes * 60_000 + 2_000);
    const onFault = (fault: string) => faults.set(fault, (faults.get(fault) ?? 0) + 1);
    await Promise.race([pour(streams, { signal: stop.signal, counts, onFault }), issuer.ended]);
    clearTimeout(timer);
    console.log(`answers: ${listed(counts)}`);
    console.log(`events: ${listed(issuer.events)}`);
    const { size } = await Deno.stat(`${folder}/keys.kv`);
    console.log(`KV file: ${shown(size / mebibyte).trim()}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  if (faults.size > 0) console.log(`wrong answers: ${listed(faults)}`);
  const sound = [...faults].every(([fault, number]) =>
    fault.endsWith(" 503") && number <= totalOf(counts) * allowedBusy
  );
  const verdicts = [tell("resident", judge(rss))];
  if (held.length >= 6) verdicts.push(tell("held after collection", judge(held)));
  return verdicts.every(Boolean) && sound;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort().map(([name, number]) => `${name} ${number}`).join(", ");
}

if (import.meta.main) Deno.exit(await soak(minutesFrom(Deno.args)) ? 0 : 1);

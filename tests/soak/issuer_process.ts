/** The issuer of the soak: `issuer/main.ts` itself in a process of its own, on a KV file. */
import { TextLineStream } from "../_support/text_lines.ts";

const root = new URL("../../", import.meta.url);
const keyEncryptionKey = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";

/** What the process tells of its memory, bytes. */
export interface MemoryReport {
  readonly rss: number;
  /** Heap and buffers after a collection, once a minute. */
  readonly held?: number;
}

/** A running issuer. */
export interface SoakIssuer extends AsyncDisposable {
  readonly url: string;
  readonly adminToken: string;
  /** How many events it logged, by type and decision. */
  readonly events: Map<string, number>;
  /** Rejects when the process ends before it is told to. */
  readonly ended: Promise<never>;
}

/** Keys come due every few minutes, as short as a token of an hour allows. */
const timings = { jwksMaxAgeSeconds: 1, leadSeconds: 300, periodSeconds: 300, tailSeconds: 4_200 };

/** Starts it; `onMemory` gets each report. */
export async function startSoakIssuer(
  { folder, rateLimit, onMemory }: {
    folder: string;
    rateLimit: number;
    onMemory: (report: MemoryReport) => void;
  },
): Promise<SoakIssuer> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const adminToken = crypto.randomUUID();
  const config = { timings, profiles: [{ name: "es", audiences: ["https://es.*"], alg: "ES256" }] };
  await Deno.writeTextFile(`${folder}/signet.json`, JSON.stringify(config));
  const preload = new URL("tests/soak/report_memory.ts", root).pathname;
  const flags = ["--quiet", "--no-check", "--unstable-kv", "--unstable-cron"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", ...flags, "-A", "--v8-flags=--expose-gc", `--preload=${preload}`],
      "issuer/main.ts",
    ],
    cwd: root,
    env: {
      SIGNET_ISSUER: url,
      SIGNET_KV: `${folder}/keys.kv`,
      SIGNET_CONFIG: `${folder}/signet.json`,
      SIGNET_KEY_ENCRYPTION_KEY: keyEncryptionKey,
      SIGNET_ADMIN_TOKEN: adminToken,
      SIGNET_RATE_LIMIT: String(rateLimit),
      PORT: String(port),
    },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const events = new Map<string, number>();
  const listening = Promise.withResolvers<void>();
  let isOver = false;
  const reading = (async () => {
    for await (const line of child.stdout.pipeThrough(new TextLineStream())) {
      if (line.includes("listens on")) listening.resolve();
      if (!line.startsWith("{")) continue;
      const { type, decision, change, reason, ...report } = JSON.parse(line);
      if (type === "memory") onMemory(report);
      else count(events, [type, decision ?? change, nameOf(reason)].filter(Boolean).join(" "));
    }
  })();
  const ended = child.status.then(({ code }): never => {
    throw new Error(`the issuer ended with ${code}`);
  });
  ended.catch(() => isOver = true);
  await Promise.race([listening.promise, ended]);
  return {
    url,
    adminToken,
    events,
    ended,
    async [Symbol.asyncDispose]() {
      if (!isOver) child.kill("SIGTERM");
      await Promise.allSettled([child.status, reading]);
    },
  };
}

/** Reasons that are a word; sentences are one to count. */
function nameOf(reason: string | undefined): string | undefined {
  return reason && /[^a-z_]/.test(reason) ? "for a sentence" : reason;
}

/** Adds one. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

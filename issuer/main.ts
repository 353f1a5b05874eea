/**
 * The deployable issuer: reads the environment (see README, Configuration), opens Deno KV,
 * registers the rotation cron and serves. Works under `deno run`, `deno serve` and Deno Deploy.
 *
 * @module
 */
import { readConfig } from "./config.ts";
import { createIssuer, type Issuer } from "./create_issuer.ts";
import { drainOnSignals } from "./drain.ts";
import { IssuerConfigError } from "./errors.ts";
import type { Eventual } from "./eventual.ts";
import { isLoopbackIssuer } from "./issuer_url.ts";
import { registeredMeter } from "./telemetry/meter.ts";
import { standby } from "./standby.ts";

const onDeploy = Deno.env.get("DENO_DEPLOY") === "true";

let opened = false;

/** The issuer once it is ready; undefined when the configuration forbids it. */
const started: Promise<Issuer | undefined> = start();

async function start(): Promise<Issuer | undefined> {
  try {
    const { kvPath, options, warnings } = readConfig({
      env: (name) => Deno.env.get(name),
      readFile: (path) => Deno.readFileSync(path),
    });
    for (const warning of warnings) console.warn(`warning: ${warning}`);
    if (typeof Deno.openKv !== "function") {
      throw new IssuerConfigError(["Deno KV is off: run with --unstable-kv"]);
    }
    const kv = await openKv(absolutePath(kvPath));
    opened = true;
    const issuer = createIssuer({
      ...options,
      kv,
      meter: registeredMeter(),
      onEvent: (event) => console.log(JSON.stringify(event)),
    });
    // Nothing restarts an isolate of Deploy: it says what is wrong and tries again on requests.
    await (onDeploy ? issuer.start().catch(report) : issuer.start());
    return issuer;
  } catch (error) {
    report(error);
    // On Deploy a preview must boot to be promoted, and a first revision comes before its secrets.
    if (!onDeploy) Deno.exit(1);
  }
}

async function openKv(path: string | undefined): Promise<Deno.Kv> {
  try {
    return await Deno.openKv(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = "name a file in a folder that may be written, or a KV Connect URL";
    throw new IssuerConfigError([`SIGNET_KV cannot be opened (${reason}): ${advice}`]);
  }
}

function report(error: unknown): void {
  console.error(error instanceof Error ? error.message : "Cannot start the issuer");
}

/** A KV server that accepts and is silent holds `openKv` for half a minute: nobody waits so long. */
const tooLate = new Promise<"opening">((resolve) => {
  Deno.unrefTimer(setTimeout(() => opened || resolve("opening"), 2_500));
});
let ready: Promise<Issuer | undefined | "opening"> = Promise.race([started, tooLate]);
let serving: Issuer | undefined;
started.then((issuer) => {
  ready = started;
  serving = issuer;
});

async function answerWhenReady(
  request: Request,
  info?: Deno.ServeHandlerInfo,
): Promise<Response> {
  const issuer = await ready;
  if (issuer === "opening") return standby("kv_unavailable");
  return issuer ? await issuer.handle(request, info) : standby();
}

const running = new Set<Promise<Response>>();
let ending = false;

function handle(request: Request, info?: Deno.ServeHandlerInfo): Eventual<Response> {
  if (ending) return standby("shutting_down");
  const answer = serving ? serving.handle(request, info) : answerWhenReady(request, info);
  if (!(answer instanceof Promise)) return answer;
  running.add(answer);
  return answer.finally(() => running.delete(answer));
}

// Deploy reads crons from the top level; rotation that is due also happens on requests.
if (typeof Deno.cron === "function") {
  Deno.cron("signet-rotate", "*/10 * * * *", async () => {
    await (await started)?.maintain();
  });
}

let declared = false;

/** What `deno serve` serves. */
export default {
  fetch: handle,
  onListen(address: Deno.Addr): void {
    declared = true;
    announce(address);
  },
};

/** Deno 2.5 does not find a new file by a bare relative name. */
function absolutePath(path: string | undefined): string | undefined {
  const isPlace = path === undefined || path.startsWith("/") || path.includes(":");
  return isPlace ? path : `${Deno.cwd()}/${path}`;
}

/** A development issuer is nobody else's business; any other listens to all. */
function listenAt(): { port: number; hostname: string } {
  const issuer = Deno.env.get("SIGNET_ISSUER") ?? "";
  const own = URL.canParse(issuer) && isLoopbackIssuer(issuer)
    ? new URL(issuer).hostname
    : undefined;
  const port = Number(Deno.env.get("PORT") || "8000");
  return { port, hostname: own?.replace(/^\[|\]$/g, "") ?? "0.0.0.0" };
}

function listen(): Deno.HttpServer {
  const place = listenAt();
  try {
    return Deno.serve({ ...place, onListen: announce }, handle);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    report(
      new IssuerConfigError([`PORT ${place.port} is taken: end what listens there, or change it`]),
    );
    Deno.exit(1);
  }
}

function announce(address: Deno.Addr): void {
  const place = address.transport === "tcp" ? `${address.hostname}:${address.port}` : "";
  console.log(
    `Signet issuer ${Deno.env.get("SIGNET_ISSUER") ?? "(not configured)"} listens on ${place}`,
  );
}

/** Under `deno serve` nothing tells when the last answer has left the process. */
function answersWritten(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

// `deno serve` takes the export above before the first timer; `deno run` and Deploy do not.
if (import.meta.main) {
  setTimeout(() => {
    const server = declared ? undefined : listen();
    drainOnSignals({
      async stop() {
        ending = true;
        // Requests first: shutdown() breaks bodies off that are still on their way (Deno 2.9).
        await Promise.allSettled(running);
        await (server?.shutdown() ?? answersWritten());
      },
      close: async () => await (await started)?.[Symbol.asyncDispose](),
    });
  }, 0);
}

/** The real self-hosted engine of Deno KV: https://github.com/denoland/denokv */
import { eventually } from "./eventually.ts";

/** Where the server is: `SIGNET_TEST_DENOKV_PATH`, else found by the system. */
const program = Deno.env.get("SIGNET_TEST_DENOKV_PATH") ?? "denokv";

/** Whether the tests must run here: CI says so. */
const isRequired = Deno.env.get("SIGNET_TEST_DENOKV") === "1";

const accessToken = "tests-only-access-token";

let found: boolean | undefined;

/** Whether there is no server to test against; says once how to get one. */
export function lacksDenokv(): boolean {
  if (isRequired) return false;
  found ??= isThere();
  return !found;
}

function isThere(): boolean {
  try {
    return new Deno.Command(program, { args: ["--help"], stdout: "null" }).outputSync().success;
  } catch {
    console.log(
      "denokv tests skipped: cargo install denokv --locked, or set SIGNET_TEST_DENOKV_PATH",
    );
    return false;
  }
}

/** A server on a database of its own. */
export interface DenokvServer extends AsyncDisposable {
  readonly url: string;
  /** Ends the process; resolves when it is gone. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Starts it again, at the same place on the same database. */
  start(): Promise<void>;
}

/** How a server is started. */
export interface DenokvOptions {
  /** A database that is there already, and stays. Default a new one, gone with the server. */
  readonly path?: string;
}

/** The arguments that docs/operations.md gives it, for another place. */
async function documentedArguments(place: { path: string; addr: string }): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("../../docs/operations.md", import.meta.url));
  const command = /^ExecStart=\S*\/denokv (.*)$/m.exec(text)![1]!;
  return command.replace("/var/lib/denokv/kv.sqlite", place.path)
    .replace("127.0.0.1:4512", place.addr).split(" ");
}

/** Starts a server; resolves when it answers. */
export async function denokvServer(options: DenokvOptions = {}): Promise<DenokvServer> {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", accessToken);
  const folder = await Deno.makeTempDir();
  const addr = `127.0.0.1:${freePort()}`;
  const args = await documentedArguments({ path: options.path ?? `${folder}/kv.sqlite`, addr });
  const url = `http://${addr}`;
  let child: Deno.ChildProcess | undefined;
  const server: DenokvServer = {
    url,
    async start() {
      child = new Deno.Command(program, {
        args,
        env: { DENO_KV_ACCESS_TOKEN: accessToken, RUST_LOG: "off" },
        stdout: "null",
        stderr: "null",
      }).spawn();
      await eventually(() => answers(url));
    },
    async stop(signal) {
      child?.kill(signal);
      await child?.status;
      child = undefined;
    },
    async [Symbol.asyncDispose]() {
      await server.stop("SIGKILL");
      await Deno.remove(folder, { recursive: true });
    },
  };
  await server.start();
  return server;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

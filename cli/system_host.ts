import { systemFiles } from "./system_files.ts";
import type {
  CliHost,
  CliInput,
  CliProcess,
  CliServer,
  CliStream,
  RunOptions,
  ServeOptions,
  SpawnOptions,
} from "./io.ts";

/** Variables that Deno itself needs in a program that it starts. */
const INHERITED = ["PATH", "HOME", "DENO_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"]
  .concat(["TERM", "NO_COLOR", "TMPDIR", "NPM_CONFIG_REGISTRY", "DENO_CERT", "DENO_TLS_CA_STORE"])
  .concat(["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"]);

/** The outside world as the running process sees it. */
export function systemHost(): CliHost {
  return {
    env: (name) => Deno.env.get(name),
    fetch: (input, init) => fetch(input, init),
    stdout: stream(Deno.stdout),
    stderr: stream(Deno.stderr),
    stdin: input(),
    now: () => Date.now(),
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
    sleep,
    files: systemFiles(),
    spawn,
    run,
    environment: () => Deno.env.toObject(),
    serve,
    // Loaded on use: node:tls is slow to load and two commands need it.
    readTlsChain: async (host, port) =>
      await (await import("../doctor/read_tls_chain.ts")).readTlsChain(host, port),
    execPath: () => Deno.execPath(),
    signal: new AbortController().signal,
  };
}

function stream(target: typeof Deno.stdout | typeof Deno.stderr): CliStream {
  const encoder = new TextEncoder();
  return {
    write: (text) => writeAll(target, encoder.encode(text)),
    get isTerminal() {
      return target.isTerminal();
    },
    get columns() {
      return columns();
    },
  };
}

function writeAll(target: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  try {
    for (let rest = bytes; rest.length > 0;) rest = rest.subarray(target.writeSync(rest));
  } catch (error) {
    // the reader has seen enough, as in `signet audit | head`
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function columns(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return undefined; // no terminal
  }
}

function input(): CliInput {
  return {
    readAll: async () => await new Response(Deno.stdin.readable).text(),
    readLine: () => Promise.resolve(readLine()),
    get isTerminal() {
      return Deno.stdin.isTerminal();
    },
  };
}

function readLine(): string | undefined {
  const decoder = new TextDecoder(), byte = new Uint8Array(1);
  let line = "";
  while (Deno.stdin.readSync(byte)) {
    const text = decoder.decode(byte, { stream: true });
    if (text === "\n") return line;
    line += text;
  }
  return line === "" ? undefined : line;
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end);
  });
}

function spawn(options: SpawnOptions): CliProcess {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return running(
    new Deno.Command(Deno.execPath(), {
      args: [...options.args],
      env: { ...Object.fromEntries(inherited), ...options.env },
      clearEnv: true,
      stdin: "null",
    }).spawn(),
  );
}

function run({ command: [program, ...args], env }: RunOptions): CliProcess {
  return running(new Deno.Command(program, { args, env, clearEnv: true }).spawn());
}

function running(child: Deno.ChildProcess): CliProcess {
  return {
    exited: child.status.then((status) => status.code),
    stop(signal = "SIGTERM") {
      try {
        child.kill(signal);
      } catch {
        // it has ended already
      }
    },
  };
}

function serve({ hostname, port, handler }: ServeOptions): CliServer {
  const stop = new AbortController();
  const { signal } = stop;
  const server = Deno.serve({ hostname, port, signal, onListen() {} }, handler);
  return {
    port: server.addr.port,
    stop: () => {
      stop.abort();
      return server.finished;
    },
  };
}

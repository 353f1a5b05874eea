import type { CliFiles, CliHost, CliInput, CliProcess, CliStream, SpawnOptions } from "./io.ts";

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
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    files: files(),
    spawn,
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

function files(): CliFiles {
  return {
    async read(path) {
      try {
        return await Deno.readTextFile(path);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
    async writePrivate(path, text) {
      const directory = path.slice(0, path.lastIndexOf("/"));
      await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
      const temporary = `${path}.new`;
      await Deno.writeTextFile(temporary, text, { mode: 0o600 });
      await Deno.rename(temporary, path);
    },
  };
}

function spawn(options: SpawnOptions): CliProcess {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const child = new Deno.Command(Deno.execPath(), {
    args: [...options.args],
    env: { ...Object.fromEntries(inherited), ...options.env },
    clearEnv: true,
    stdin: "null",
  }).spawn();
  return {
    exited: child.status.then((status) => status.code),
    stop() {
      try {
        child.kill("SIGTERM");
      } catch {
        // it has ended already
      }
    },
  };
}

/** Runs the programs of examples/ as their users do: a process of its own that listens on a free port. */
const root = new URL("../../", import.meta.url);

/** How a program is started. */
export interface AppOptions {
  /** Its environment besides `PORT`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its permissions. Default: the network of this machine, and the environment. */
  readonly flags?: readonly string[];
}

/** A listening program. */
export interface App extends AsyncDisposable {
  readonly url: string;
  /** Everything it wrote so far. */
  readonly log: { text: string };
  /** Asks it and reads the answer: status and text. */
  ask(path?: string, init?: RequestInit): Promise<[number, string]>;
}

const local = ["--allow-env", "--allow-net=127.0.0.1,0.0.0.0"];

/** Starts a program of examples/; resolves when it listens. */
export async function startApp(file: string, options: AppOptions = {}): Promise<App> {
  const { env = {}, flags = local } = options;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--lock=tests/deno.lock", ...flags, `examples/${file}`],
    cwd: root,
    env: { NO_COLOR: "1", ...env, PORT: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = { text: "" };
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) log.text += part;
  });
  const ended = Promise.all(reading);
  const url = `http://127.0.0.1:${await portOf(log, ended)}`;
  return {
    url,
    log,
    async ask(path = "/", init) {
      const response = await fetch(url + path, init);
      return [response.status, await response.text()];
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await ended;
    },
  };
}

async function portOf(log: { text: string }, ended: Promise<unknown>): Promise<string> {
  const over = ended.then(() => true);
  const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), 10));
  while (true) {
    const port = /Listening on http:\/\/[^:]+:(\d+)/.exec(log.text)?.[1];
    if (port) return port;
    if (await Promise.race([over, pause()])) throw new Error(log.text);
  }
}

/** Serves a stand-in on a free port of loopback. */
export function standIn(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, [Symbol.asyncDispose]: () => server.shutdown() };
}

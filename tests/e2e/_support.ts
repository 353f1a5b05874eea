/** Runs `issuer/main.ts` as operators do: a process of its own, with the flags of docs/deploy.md. */
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";

const root = new URL("../../", import.meta.url);

/** The issuer URL of every process; nothing of it is resolved. */
export const issuerUrl = "https://tokens.acme.test/id";

/** The audience that tokens are asked for. */
export const audience = "https://api.acme.test";

const keyEncryptionKey = "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k";
const adminToken = "e2e-admin-token-0123456789-0123456789";

/** A sound environment, but for `SIGNET_KV`. */
export const soundEnv = {
  SIGNET_ISSUER: issuerUrl,
  SIGNET_KEY_ENCRYPTION_KEY: keyEncryptionKey,
  SIGNET_ADMIN_TOKEN: adminToken,
  PORT: "0",
} as const;

/** A folder for a KV file, gone with the test. */
export async function tempFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** How the process is started. */
export interface MainOptions {
  /** Where `SIGNET_KV` lies. */
  readonly folder: string;
  /** Replaces or, with undefined, removes variables of {@linkcode soundEnv}. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `serve` for `deno serve`. Default `run`. */
  readonly command?: "run" | "serve";
  /** Flags and program in place of those of docs/deploy.md. */
  readonly flags?: readonly string[];
}

/** The arguments that docs/deploy.md gives to `deno run`, for another folder. */
async function documentedArguments(folder: string): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("docs/deploy.md", root));
  const command = /^deno (run [\s\S]*?issuer\/main\.ts)$/m.exec(text)![1]!;
  return command.replaceAll("\\\n", " ").replaceAll("/var/lib/signet", folder).split(/\s+/);
}

async function spawn({ folder, env = {}, command = "run", ...given }: MainOptions) {
  const [, ...flags] = given.flags ? ["", ...given.flags] : await documentedArguments(folder);
  const serve = command === "serve" ? ["--port=0"] : [];
  const own = { ...soundEnv, SIGNET_KV: `${folder}/keys.kv`, NO_COLOR: "1", ...env };
  const inherited = ["PATH", "HOME", "DENO_DIR"].map((name) => [name, Deno.env.get(name)]);
  const all = [...inherited, ...Object.entries(own)].filter(([, value]) => value !== undefined);
  return new Deno.Command(Deno.execPath(), {
    args: [command, ...serve, ...flags],
    cwd: root,
    clearEnv: true,
    env: Object.fromEntries(all),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** What a process that ends by itself left behind. */
export async function runToEnd(options: MainOptions): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await (await spawn(options)).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** A listening issuer process. */
export interface MainProcess extends AsyncDisposable {
  readonly port: number;
  /** Everything it wrote so far. */
  readonly log: { text: string };
  /** Sends a request below the issuer's path. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Sends an admin request; `body`: the JSON of the answer. */
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Registers workload `web`; answers its request token. */
  register(): Promise<string>;
  /** A token for {@linkcode audience}, by request token. */
  mint(requestToken: string): Promise<string>;
  jwks(): Promise<JSONWebKeySet>;
  /** Sends SIGINT. */
  interrupt(): void;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
}

/** Starts the issuer; resolves when it listens. */
export async function startMain(options: MainOptions): Promise<MainProcess> {
  const child = await spawn(options);
  const log = { text: "" };
  const reading = [child.stdout, child.stderr].map(async (stream) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) log.text += part;
  });
  const ended = Promise.all([child.status, ...reading]).then(([{ code }]) => code);
  const port = await portOf(log, ended);
  const get = (path: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${port}/id${path}`, init);
  const json = async (response: Promise<Response>, status: number) => {
    const answer = await response;
    if (answer.status !== status) throw new Error(`${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  const sendAdmin = (method: string, path: string, body?: unknown) =>
    get(`/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const admin = (path: string, body: unknown) => json(sendAdmin("POST", path, body), 201);
  let over = false;
  ended.then(() => over = true);
  return {
    port,
    log,
    get,
    async admin(method, path, body) {
      const answer = await sendAdmin(method, path, body);
      return { status: answer.status, body: await answer.json() };
    },
    async register() {
      const web = { id: "web", org: "acme", app: "web", context: "production", audiences: ["*"] };
      await admin("workloads", web);
      return (await admin("workloads/web/credentials", { type: "request_token" })).secret;
    },
    async mint(requestToken) {
      const headers = { authorization: `Bearer ${requestToken}` };
      const query = new URLSearchParams({ audience });
      return (await json(get(`/token?${query}`, { headers }), 200)).value;
    },
    jwks: () => json(get("/.well-known/jwks.json"), 200),
    interrupt: () => child.kill("SIGINT"),
    ended,
    async [Symbol.asyncDispose]() {
      if (!over) child.kill("SIGKILL");
      await ended;
    },
  };
}

async function portOf(log: { text: string }, ended: Promise<number>): Promise<number> {
  let over = false;
  ended.then(() => over = true);
  while (true) {
    const announced = /Signet issuer \S+ listens on [\d.]+:(\d+)/.exec(log.text);
    if (announced) return Number(announced[1]);
    if (over) throw new Error(`the issuer ended: ${log.text}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The subject of a token that verifies against a key set. */
export async function verify(token: string, jwks: JSONWebKeySet): Promise<string | undefined> {
  const keys = createLocalJWKSet(jwks);
  return (await jwtVerify(token, keys, { issuer: issuerUrl, audience })).payload.sub;
}

/** Every entry of a KV file that no process holds open. */
export async function dumpKv(folder: string): Promise<string> {
  using kv = await Deno.openKv(`${folder}/keys.kv`);
  const entries: unknown[] = [];
  for await (const entry of kv.list({ prefix: [] })) entries.push(entry);
  return Deno.inspect(entries, { depth: 20, iterableLimit: 10_000, strAbbreviateSize: 100_000 });
}

/** A connection that speaks HTTP/1.1 byte by byte. */
export interface RawConnection extends Disposable {
  send(text: string | Uint8Array): Promise<void>;
  /** Everything received until it matches; at the end of the connection whatever came. */
  receive(until?: RegExp): Promise<string>;
}

/** Connects to a process. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  let received = "";
  let closed = false;
  return {
    async send(text) {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    },
    async receive(until) {
      const buffer = new Uint8Array(16_384);
      while (!until?.test(received)) {
        const size = await connection.read(buffer).catch(() => null);
        if (size === null) break;
        received += new TextDecoder().decode(buffer.subarray(0, size));
      }
      return received;
    },
    [Symbol.dispose]() {
      if (!closed) connection.close();
      closed = true;
    },
  };
}

import { TextLineStream } from "../_support/text_lines.ts";
import { adminToken } from "../_support/start_issuer.ts";

/** The issuer URL of every process. */
export const processIssuer = "https://tokens.test";

/** An audience whose tokens are signed with EdDSA, which is quick. */
export const quickAudience = "https://quick.test";

/** What a process is told: a request, or something that happens to it. */
export interface Command {
  readonly id?: number;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Sets the clock so many milliseconds ahead. */
  readonly offset?: number;
  readonly maintain?: boolean;
}

/** What a process answers; status 0: it threw. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An issuer in a process of its own; answers never come once it is dead. */
export interface IsolateProcess extends AsyncDisposable {
  readonly adminHeaders: Record<string, string>;
  send(command: Command): Promise<Answer>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** A token, or undefined when it is refused. */
  token(requestToken: string, audience?: string): Promise<string | undefined>;
  jwks(): Promise<{ keys: { kid: string }[] }>;
  /** Kills it as `kill -9` does. */
  kill(): Promise<void>;
}

/** Starts a process on a KV; `stderr`: `null` where the client's complaints are no news. */
export async function isolateProcess(
  path: string,
  { stderr = "inherit" }: { stderr?: "inherit" | "null" } = {},
): Promise<IsolateProcess> {
  const program = new URL("./isolate_program.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", "--unstable-kv", program, path, processIssuer],
    stdin: "piped",
    stdout: "piped",
    stderr,
  }).spawn();
  const stdin = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextLineStream()).getReader();
  const waiting = new Map<number, (answer: Answer) => void>();
  if ((await lines.read()).value !== "ready") throw new Error("the process did not start");
  const reading = (async () => {
    for (let line = await lines.read(); !line.done; line = await lines.read()) {
      const { id, ...answer } = JSON.parse(line.value);
      waiting.get(id)?.(answer);
      waiting.delete(id);
    }
  })();
  let serial = 0;
  let isOver = false;

  const send = (command: Command) =>
    new Promise<Answer>((resolve) => {
      const id = serial++;
      waiting.set(id, resolve);
      stdin.write(new TextEncoder().encode(JSON.stringify({ ...command, id }) + "\n"))
        .catch(() => {});
    });
  const end = async () => {
    isOver = true;
    await Promise.all([child.status, reading, stdin.close().catch(() => {})]);
  };
  const adminHeaders = {
    authorization: `Bearer ${adminToken}`,
    "content-type": "application/json",
  };
  return {
    adminHeaders,
    send,
    admin: (method, path, body) =>
      send({
        ...{
          method,
          path: `/admin/${path}`,
          body: body === undefined ? body : JSON.stringify(body),
        },
        headers: adminHeaders,
      }),
    async token(requestToken, audience = quickAudience) {
      const headers = { authorization: `Bearer ${requestToken}` };
      const query = new URLSearchParams({ audience });
      const { status, body } = await send({ path: `/token?${query}`, headers });
      return status === 200 ? JSON.parse(body).value : undefined;
    },
    jwks: async () => JSON.parse((await send({ path: "/.well-known/jwks.json" })).body),
    async kill() {
      child.kill("SIGKILL");
      await end();
    },
    async [Symbol.asyncDispose]() {
      if (!isOver) await end();
    },
  };
}

/** The members of a token's header. */
export function headerOf(token: string): { kid: string } {
  return JSON.parse(atob(token.split(".")[0]!));
}

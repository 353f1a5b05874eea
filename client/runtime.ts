import { may } from "./environment.ts";
import type { CommandResult, SourceRuntime } from "./source.ts";

interface DenoHost {
  readTextFile(path: string): Promise<string>;
  createHttpClient(options: unknown): { close(): void };
  Command: new (command: string, options: unknown) => {
    output(): Promise<{ code: number; stdout: Uint8Array; stderr: Uint8Array }>;
  };
}

interface NodeFiles {
  readFile(path: string, encoding: "utf8"): Promise<string>;
}

interface NodeProcesses {
  execFile(
    command: string,
    args: readonly string[],
    options: { signal: AbortSignal },
    done: (error: { code?: unknown } | null, stdout: string, stderr: string) => void,
  ): void;
}

interface NodeResponse extends AsyncIterable<Uint8Array> {
  statusCode?: number;
  headers: Record<string, string>;
}

interface NodeRequest {
  on(event: "error", listener: (error: unknown) => void): NodeRequest;
  end(body: string): void;
}

interface NodeHttp {
  request(
    options: Record<string, unknown>,
    done: (response: NodeResponse) => void,
  ): NodeRequest;
}

/** Files, commands, sockets and modules of Deno, or of Node and Bun. */
export function hostRuntime(): SourceRuntime {
  const { Deno } = globalThis as { Deno?: DenoHost };
  return Deno === undefined ? nodeRuntime() : denoRuntime(Deno);
}

function denoRuntime(deno: DenoHost): SourceRuntime {
  return {
    async readFile(path) {
      if (!may({ name: "read", path })) throw new Error(`Cannot read ${path} without --allow-read`);
      return await deno.readTextFile(path);
    },
    async run(command, args, signal): Promise<CommandResult> {
      const options = { args: [...args], signal, stdin: "null", stdout: "piped", stderr: "piped" };
      const { code, stdout, stderr } = await new deno.Command(command, options).output();
      const decoder = new TextDecoder();
      return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
    },
    async postUnix(socket, { path, ...request }) {
      const client = deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
      try {
        const init = { ...jsonPost(request), client };
        return await buffered(await fetch(`http://localhost${path}`, init as RequestInit));
      } finally {
        client.close();
      }
    },
    importModule,
    requestHeaders,
    mayConnect: (host) => may({ name: "net", host }),
  };
}

function nodeRuntime(): SourceRuntime {
  return {
    async readFile(path) {
      const files = await importModule("node:fs/promises") as unknown as NodeFiles;
      return await files.readFile(path, "utf8");
    },
    async run(command, args, signal) {
      const processes = await importModule("node:child_process") as unknown as NodeProcesses;
      return await new Promise<CommandResult>((resolve, reject) => {
        processes.execFile(command, args, { signal }, (error, stdout, stderr) => {
          if (error !== null && typeof error.code !== "number") reject(error);
          else resolve({ code: error === null ? 0 : error.code as number, stdout, stderr });
        });
      });
    },
    async postUnix(socketPath, { path, body, signal }) {
      const http = await importModule("node:http") as unknown as NodeHttp;
      const { method, headers } = jsonPost({ body, signal });
      const response = await new Promise<NodeResponse>((resolve, reject) => {
        const options = { socketPath, path, method, headers, signal };
        http.request(options, resolve).on("error", reject).end(body);
      });
      return await fromNode(response);
    },
    importModule,
    requestHeaders,
    mayConnect: () => true,
  };
}

// Where Vercel keeps the request that a function serves.
const REQUEST_CONTEXT = Symbol.for("@vercel/request-context");

interface RequestContext {
  get?(): { headers?: Record<string, string | undefined> };
}

function requestHeaders(): Record<string, string | undefined> {
  const context = (globalThis as Record<symbol, unknown>)[REQUEST_CONTEXT] as RequestContext;
  return context?.get?.()?.headers ?? {};
}

function jsonPost(request: { body: string; signal: AbortSignal }) {
  const headers = { "content-type": "application/json", host: "localhost" };
  return { ...request, method: "POST", headers, redirect: "error" as const };
}

async function buffered(response: Response): Promise<Response> {
  const { status, headers } = response;
  return new Response(await response.arrayBuffer(), { status, headers });
}

async function fromNode(response: NodeResponse): Promise<Response> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const { statusCode: status, headers } = response;
  return new Response(new Blob(chunks as BlobPart[]), { status, headers });
}

// The specifier stays a variable, so that the static graph of the client holds only the client.
function importModule(specifier: string): Promise<Record<string, unknown>> {
  return import(specifier);
}

/** Runs before a program of the documents: sends what it asks of the internet to the stage of the test. */
interface Stage {
  readonly port: number;
  readonly files: Readonly<Record<string, string>>;
  readonly sockets: Readonly<Record<string, string>>;
}

const stage: Stage = JSON.parse(Deno.env.get("SIGNET_TEST_STAGE")!);
const { fetch: realFetch } = globalThis;
const { readTextFile, createHttpClient } = Deno;

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin, hostname, pathname, search } = new URL(request.url);
  if (init && "client" in init || hostname === "127.0.0.1" || hostname === "localhost") {
    return await realFetch(input, init);
  }
  const headers = new Headers(request.headers);
  headers.set("x-stage-origin", origin);
  const { method, redirect, signal } = request;
  const body = request.body === null ? undefined : await request.arrayBuffer();
  const target = `http://127.0.0.1:${stage.port}${pathname}${search}`;
  return await realFetch(target, { method, headers, body, redirect, signal });
};

Deno.readTextFile = (path, options) => readTextFile(stage.files[String(path)] ?? path, options);

Deno.createHttpClient = (options) => {
  const proxy = options.proxy as { transport?: string; path?: string } | undefined;
  const path = stage.sockets[proxy?.path ?? ""];
  return createHttpClient(path ? { ...options, proxy: { ...proxy, path } as never } : options);
};

/** Types docs/quickstart.md into a shell, block by block, beside a real `signet dev`, and compares what it prints. */
import { assert, assertStringIncludes } from "@std/assert";
import { readFile } from "./_support.ts";

const root = new URL("../../", import.meta.url);

/** A program that goes on running, and what it wrote so far. */
class Terminal implements AsyncDisposable {
  text = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;

  constructor(args: string[], options: { cwd: string | URL; env?: Record<string, string> }) {
    this.#child = new Deno.Command(Deno.execPath(), {
      ...options,
      args,
      env: { NO_COLOR: "1", ...options.env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const { stdout, stderr } = this.#child;
    this.#reading = Promise.all([stdout, stderr].map(async (stream) => {
      for await (const part of stream.pipeThrough(new TextDecoderStream())) this.text += part;
    }));
  }

  /** Waits until it wrote `text`. */
  async wrote(text: string): Promise<void> {
    let over = false;
    this.#reading.then(() => over = true);
    while (!this.text.includes(text)) {
      if (over) throw new Error(this.text);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGINT");
    await this.#reading;
    await this.#child.status;
  }
}

/** Shell blocks in their order, each with the lines that the page shows below it. */
async function steps(): Promise<{ script: string; shown: string[] }[]> {
  const text = await readFile("docs/quickstart.md");
  const fences = [...text.matchAll(/^ *```(\w*)(?: ignore)?\n([\s\S]*?)^ *```$/gm)];
  return fences.flatMap(([, language, script], i) => {
    if (language !== "sh") return [];
    const [, next, output] = fences[i + 1] ?? [];
    const lines = next === "text" ? output!.split("\n").map((line) => line.trim()) : [];
    return [{ script: script!, shown: lines.filter((line) => line !== "") }];
  });
}

Deno.test("docs/quickstart.md does what it says, from the first block to the last", async () => {
  const [start, ...rest] = await steps();
  assert(start!.script.startsWith("deno task dev"));
  const folder = await Deno.makeTempDir();
  const [port, orders] = [freePort(), freePort()];
  const main = new URL("cli/main.ts", root).pathname;
  try {
    await using dev = new Terminal(["run", "-A", main, "dev", "--port", `${port}`], {
      cwd: folder,
    });
    await dev.wrote("Then try:");
    const pasted = [...dev.text.matchAll(/^export .*$/gm)].join("\n");
    const service = rest.findIndex(({ script }) => script.includes("service_to_service"));
    assert(service > 0);
    const env = { SIGNET_ISSUER: `http://localhost:${port}`, PORT: `${orders}` };
    const file = /examples\/\S+/.exec(rest[service]!.script)![0];
    const args = ["run", "--no-lock", "--allow-env", "--allow-net", file];
    await using ordersApp = new Terminal(args, { cwd: root, env });
    await ordersApp.wrote("Listening on");
    await type(rest.filter((_, i) => i !== service), {
      pasted,
      at: (script) => script.replaceAll(":8000", `:${port}`).replaceAll(":8001", `:${orders}`),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Runs the blocks in one shell, as one person would, and looks for what the page shows. */
async function type(
  blocks: { script: string; shown: string[] }[],
  { pasted, at }: { pasted: string; at: (text: string) => string },
): Promise<void> {
  const mark = (i: number) => `echo; echo "=== ${i}"`;
  const lines = blocks.map(({ script }, i) => `${mark(i)}\n${at(script)}`);
  const path = `${new URL(".", `file://${Deno.execPath()}`).pathname}:${Deno.env.get("PATH")}`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-o", "pipefail", "-c", [pasted, ...lines].join("\n")],
    cwd: root,
    env: { NO_COLOR: "1", PATH: path },
    stdin: "null",
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(code === 0, `${text}\n${errors}`);
  const squeeze = (line: string) => line.replace(/ +/g, " ");
  const parts = text!.split(/^=== \d+$/m).slice(1).map(squeeze);
  for (const [i, { shown }] of blocks.entries()) {
    for (const line of shown) assertStringIncludes(parts[i]!, squeeze(at(line)));
  }
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

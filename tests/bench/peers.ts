import { type Child, type ChildOptions, startChild } from "./child.ts";

const source = new URL("./peers/", import.meta.url);
let installed: Promise<string> | undefined;

/** Installs the peers from npm into a cache folder of their own, once per run, and gives the folder. */
export function peersFolder(): Promise<string> {
  return installed ??= install();
}

async function install(): Promise<string> {
  const cache = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME") ?? "/tmp"}/.cache`;
  const folder = `${cache}/signet-bench`;
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(source)) {
    await Deno.copyFile(new URL(name, source), `${folder}/${name}`);
  }
  await Deno.writeTextFile(`${folder}/deno.json`, '{"nodeModulesDir":"auto"}\n');
  const command = new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet"],
    cwd: folder,
    stdout: "null",
    stderr: "inherit",
  });
  const { success } = await command.output();
  if (!success) throw new Error(`Cannot install the peers into ${folder}`);
  return folder;
}

/** Starts a peer's program. */
export async function startPeer<Hello = { url: string }>(
  name: string,
  options: Omit<ChildOptions, "cwd"> = {},
): Promise<Child<Hello>> {
  const cwd = await peersFolder();
  return await startChild<Hello>(`${cwd}/${name}`, { ...options, cwd });
}

/** Whether Node is there to run peers on. */
export async function hasNode(): Promise<boolean> {
  const command = new Deno.Command("node", { args: ["-v"], stdout: "null", stderr: "null" });
  return await command.output().then(() => true, () => false);
}

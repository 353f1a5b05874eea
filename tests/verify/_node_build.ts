import { transformSync } from "amaro";

/**
 * Writes a folder of TypeScript modules as JavaScript that Node 20 can load: types stripped by the
 * stripper that Node itself uses (which refuses anything that is more than types), `.ts` imports
 * renamed, `jose` pointed at its files.
 */
export async function buildForNode(folder: URL, target: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".ts")) continue;
    const source = await Deno.readTextFile(new URL(name, folder));
    const { code } = transformSync(source, { mode: "strip-only" });
    const linked = code
      .replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.mjs"')
      .replaceAll(/from "(jose[^"]*)"/g, (_, name) => `from "${import.meta.resolve(name)}"`);
    await Deno.writeTextFile(`${target}/${name.replace(/\.ts$/, ".mjs")}`, linked);
  }
}

/** Node's major version, or `undefined` where it is not installed. */
export async function nodeVersion(): Promise<number | undefined> {
  try {
    const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output();
    return Number(new TextDecoder().decode(stdout).slice(1).split(".")[0]);
  } catch {
    return undefined;
  }
}

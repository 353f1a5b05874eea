import { transformSync } from "amaro";

/**
 * Writes a folder of TypeScript modules as JavaScript that Node 20 can load: types stripped by the
 * stripper that Node itself uses, which refuses anything that is more than types.
 */
export async function buildFolderForNode(folder: URL, target: string): Promise<void> {
  await Deno.mkdir(target, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await buildFolderForNode(new URL(`${name}/`, folder), `${target}/${name}`);
    else if (name.endsWith(".ts")) await buildFile(new URL(name, folder), `${target}/${name}`);
  }
}

async function buildFile(file: URL, target: string): Promise<void> {
  const { code } = transformSync(await Deno.readTextFile(file), { mode: "strip-only" });
  const linked = code.replaceAll(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.mjs"');
  await Deno.writeTextFile(target.replace(/\.ts$/, ".mjs"), linked);
}

/**
 * Publishes the committed tree to JSR: `deno run -A tools/publish.ts [--dry-run]`.
 *
 * @module
 */
import { publishManifest } from "./publish_manifest.ts";

const directory = await Deno.makeTempDir({ prefix: "signet-publish-" });

async function run(command: string, args: string[], cwd?: string): Promise<void> {
  const { success } = await new Deno.Command(command, { args, cwd }).spawn().status;
  if (!success) throw new Error(`Cannot publish: ${command} ${args[0]} failed`);
}

try {
  await run("git", ["worktree", "add", "--detach", directory, "HEAD"]);
  const path = `${directory}/deno.json`;
  const manifest = publishManifest(JSON.parse(await Deno.readTextFile(path)));
  await Deno.writeTextFile(path, JSON.stringify(manifest, null, 2));
  // The lock names the checkout's packages, not the published ones.
  await Deno.remove(`${directory}/deno.lock`);
  await run(Deno.execPath(), ["publish", "--allow-dirty", ...Deno.args], directory);
} finally {
  await run("git", ["worktree", "remove", "--force", directory]);
}

import { runChild } from "../child.ts";
import { interleave } from "../interleave.ts";
import type { Part } from "../part.ts";
import { peersFolder } from "../peers.ts";
import { atMost, row } from "../row.ts";

const root = new URL("../../../", import.meta.url);
const helpers = ["aws", "gcp", "azure", "vault", "kubernetes"] as const;
const sdks = [
  ["aws", "@aws-sdk/client-sts"],
  ["gcp", "google-auth-library"],
  ["azure", "@azure/identity"],
] as const;

/** What importing costs over an empty program: wall time of the process, and its memory. */
export const cold: Part = {
  name: "cold",
  async run({ rounds }) {
    const folder = await peersFolder();
    const temporary = await Deno.makeTempDir();
    const client = await copyClient(temporary);
    const memory: Record<string, number[]> = {};
    const start = (name: string, modules: readonly string[], cwd?: string) => {
      const path = writeProgram(
        `${cwd ?? temporary}/import_${name.replace(/\W/g, "_")}.mjs`,
        modules,
      );
      return async () => {
        const begin = performance.now();
        const { rss } = await runChild<{ rss: number }>(path, { cwd });
        (memory[name] ??= []).push(rss);
        return performance.now() - begin;
      };
    };
    const ours: Record<string, () => Promise<number>> = {
      empty: start("empty", []),
      client: start("client", [`${client}mod.ts`]),
    };
    for (const helper of helpers) {
      ours[helper] = start(helper, [`${client}mod.ts`, `${client}client/${helper}.ts`]);
    }
    const peers: Record<string, () => Promise<number>> = {
      peerEmpty: start("peerEmpty", [], folder),
    };
    for (const [, sdk] of sdks) peers[sdk] = start(sdk, [sdk], folder);
    // A start takes ten times what is looked for, and differs by as much: many, close together.
    const close = await interleave(ours, { rounds: rounds * 12 });
    const wide = await interleave({ ...ours, ...peers }, { rounds: rounds * 2 });
    await Deno.remove(temporary, { recursive: true });
    const over = (name: string, base: string, of = close) =>
      of[name]!.map((value, round) => Math.max(0, value - of[base]![round]!));
    return [
      atMost(3, {
        ...{ what: 'import "@signet/oidc" over an empty program', unit: "ms" },
        ours: over("client", "empty"),
      }),
      atMost(2, {
        ...{ what: 'import "@signet/oidc", memory', unit: "MiB" },
        ours: over("client", "empty", memory).slice(1),
      }),
      ...helpers.map((helper) =>
        atMost(3, {
          ...{ what: `import client/${helper} more`, unit: "ms", ours: over(helper, "client") },
        })
      ),
      ...sdks.map(([helper, sdk]) =>
        row({
          ...{ what: `import client/${helper}`, unit: "ms", ours: over(helper, "empty", wide) },
          ...{ against: sdk, limit: over(sdk, "peerEmpty", wide), goal: "shown" },
        })
      ),
    ];
  },
};

/** A copy whose compiled code Deno keeps apart, else what other programs ran before would count. */
async function copyClient(folder: string): Promise<string> {
  const copy = await new Deno.Command("cp", {
    args: ["-r", new URL("client", root).pathname, new URL("mod.ts", root).pathname, folder],
  }).output();
  if (!copy.success) throw new Error("Cannot copy the client");
  return `file://${folder}/`;
}

/** A program that imports modules and says how much memory it then has, in MiB. */
function writeProgram(path: string, modules: readonly string[]): string {
  const imports = modules.map((name) => `import ${JSON.stringify(name)};\n`).join("");
  const say = "console.log(JSON.stringify({ rss: Deno.memoryUsage().rss / 1024 / 1024 }));\n";
  Deno.writeTextFileSync(path, imports + say);
  return path;
}

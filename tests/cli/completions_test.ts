import { assert, assertEquals } from "@std/assert";
import { listPlaces } from "../../cli/completions/places.ts";
import { SHELLS } from "../../cli/completions.ts";
import { createContext } from "../../cli/context.ts";
import { createProgram } from "../../cli/program.ts";
import { systemHost } from "../../cli/system_host.ts";
import { isMissing, shells } from "./_shells.ts";
import { run } from "./_support.ts";

const places = listPlaces(createProgram(createContext(systemHost())));

/** Lines and what must be offered for them. */
function expectations(directory: string): [line: string, offered: string[]][] {
  const lines: [string, string[]][] = [
    ["signet compl", ["completions"]],
    ["signet workload add --cl", ["--claim"]],
    ["signet workload add --org ", []],
    ["signet setup vault --program b", ["bao"]],
    [`signet explain --rule ${directory}/only`, ["only-rule.json"]],
  ];
  for (const { path, commands, options, words } of places) {
    const typed = path === "" ? "signet" : `signet ${path}`;
    const named = [...commands.map(({ word }) => word), ...words];
    if (named.length > 1) lines.push([`${typed} `, named]);
    lines.push([`${typed} --`, options.map(({ flag }) => flag)]);
    for (const { flag, values } of options) {
      if (Array.isArray(values)) lines.push([`${typed} ${flag} `, [...values]]);
    }
  }
  return lines;
}

assertEquals(shells.map(({ name }) => name), [...SHELLS]);

for (const shell of shells) {
  Deno.test({
    name: `completions offer commands, options, choices and files in ${shell.name}`,
    ignore: isMissing(shell),
    fn: async () => {
      const directory = await Deno.makeTempDir();
      try {
        await Deno.writeTextFile(`${directory}/only-rule.json`, "{}");
        const script = `${directory}/signet.${shell.name}`;
        await Deno.writeTextFile(script, (await run(["completions", shell.name])).stdout);
        const wanted = expectations(directory);
        assert(wanted.filter(([line]) => line.endsWith(" ")).length >= 12);
        const offered = await shell.complete(script, wanted.map(([line]) => line));
        for (const [index, [line, words]] of wanted.entries()) {
          // Of a path some shells list the last part alone.
          const shown = offered[index]!.map((word) => word.split("/").at(-1)!);
          assertEquals(shown.sort(), words.toSorted(), line);
        }
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}

Deno.test("every completion script takes --option=value as well", async () => {
  for (const shell of shells.filter((shell) => !isMissing(shell))) {
    const file = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(file, (await run(["completions", shell.name])).stdout);
      const [offered] = await shell.complete(file, ["signet setup vault --program=b"]);
      assertEquals(offered!.map((word) => word.split("=").at(-1)), ["bao"], shell.name);
    } finally {
      await Deno.remove(file);
    }
  }
});

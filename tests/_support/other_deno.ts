const decoder = new TextDecoder();

/** The other Deno that the tests run on, as a command line; undefined where there is none. */
export function findOtherDeno(): readonly string[] | undefined {
  const named = Deno.env.get("DENO_OTHER");
  const version = Deno.version.deno === "2.5.0" ? "2.9.6" : "2.5.0";
  // Downloads it, so only where every part is required.
  const downloaded = Deno.env.has("CI") ? [["npx", "-y", `deno@${version}`]] : [];
  const candidates = named ? [[named]] : [[`deno-${version}`], ["deno"], ...downloaded];
  const found = candidates.find((command) => {
    const running = versionOf(command);
    return running !== undefined && running !== Deno.version.deno;
  });
  if (found === undefined) {
    console.warn(
      `skipped: put Deno ${version} on PATH as deno-${version}, or name it in DENO_OTHER`,
    );
  }
  return found;
}

function versionOf([program, ...args]: readonly string[]): string | undefined {
  try {
    const { stdout } = new Deno.Command(program!, { args: [...args, "--version"] }).outputSync();
    return decoder.decode(stdout).match(/^deno (\S+)/)?.[1];
  } catch {
    return undefined;
  }
}

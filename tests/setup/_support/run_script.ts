/** One recorded call of a stand-in command. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** What a run of a script left behind. */
export interface ScriptRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

/** A folder of stand-in commands whose state lasts from run to run. */
export interface Stage extends AsyncDisposable {
  run(script: string, env?: Record<string, string>): Promise<ScriptRun>;
  /** Names of the files in the folder that scripts run in: a sign of injected commands. */
  strays(): string[];
}

/** Records arguments NUL-separated and standard input, then answers by `behaviour`. */
function standIn(behaviour: string): string {
  return `#!/bin/bash
call="$STAGE/calls/$(printf '%04d' "$(ls "$STAGE/calls" | wc -l)")"
mkdir "$call"
printf '%s\\0' "\${0##*/}" "$@" >"$call/args"
stdin=$(cat)
printf '%s' "$stdin" >"$call/stdin"
has() { [ -e "$STAGE/state/$1" ]; }
put() { printf '%s' "\${2-}" >"$STAGE/state/$1"; }
get() { cat "$STAGE/state/$1"; }
fail() { printf '%s\\n' "$1" >&2; exit "\${2-1}"; }
all="$*"
${behaviour}
`;
}

/** Put stand-ins for vendor commands on a private PATH. */
export async function createStage(behaviours: Record<string, string>): Promise<Stage> {
  const root = await Deno.makeTempDir({ prefix: "signet-setup-" });
  for (const name of ["bin", "state", "work", "calls"]) await Deno.mkdir(`${root}/${name}`);
  for (const [program, behaviour] of Object.entries(behaviours)) {
    await Deno.writeTextFile(`${root}/bin/${program}`, standIn(behaviour), { mode: 0o755 });
  }
  return {
    run: (script, env = {}) => run(root, script, env),
    strays: () => Array.from(Deno.readDirSync(`${root}/work`), (entry) => entry.name),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

async function run(
  root: string,
  script: string,
  env: Record<string, string>,
): Promise<ScriptRun> {
  await Deno.remove(`${root}/calls`, { recursive: true });
  await Deno.mkdir(`${root}/calls`);
  await Deno.writeTextFile(`${root}/script.sh`, script);
  const output = await new Deno.Command("bash", {
    args: [`${root}/script.sh`],
    cwd: `${root}/work`,
    clearEnv: true,
    env: { PATH: `${root}/bin:/usr/bin:/bin`, STAGE: root, TMPDIR: root, ...env },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return {
    code: output.code,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
    calls: readCalls(root),
  };
}

function readCalls(root: string): Call[] {
  const names = Array.from(Deno.readDirSync(`${root}/calls`), (entry) => entry.name).sort();
  return names.map((name) => {
    const words = Deno.readTextFileSync(`${root}/calls/${name}/args`).split("\0").slice(0, -1);
    const [program = "", ...args] = words;
    return { program, args, stdin: Deno.readTextFileSync(`${root}/calls/${name}/stdin`) };
  });
}

/** Check the syntax without running anything. */
export async function bashAccepts(script: string): Promise<boolean> {
  const child = new Deno.Command("bash", { args: ["-n"], stdin: "piped", stderr: "null" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  return (await child.status).success;
}

/** The value after an option, given as `--name value` or `--name=value`. */
export function option(call: Call | undefined, name: string): string | undefined {
  const args = call?.args ?? [];
  const joined = args.find((arg) => arg.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const index = args.indexOf(name);
  return index < 0 ? undefined : args[index + 1];
}

/** The calls whose arguments start with these words. */
export function callsOf(run: ScriptRun, words: string): readonly Call[] {
  return run.calls.filter((call) => `${call.args.join(" ")} `.startsWith(`${words} `));
}

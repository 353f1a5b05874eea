/** Whether every shell must be here: CI says so. */
const isRequired = Deno.env.get("SIGNET_TEST_SHELLS") === "1";

/** A shell that completes: gives the candidates for each line, with the cursor at its end. */
export interface CompletingShell {
  readonly name: "bash" | "zsh" | "fish";
  complete(script: string, lines: readonly string[]): Promise<string[][]>;
}

/** Shells to test in; one that is not installed is skipped, and said so. */
export function isMissing({ name }: CompletingShell): boolean {
  if (isRequired) return false;
  const paths = (Deno.env.get("PATH") ?? "").split(":");
  const found = paths.some((path) => {
    try {
      return Deno.statSync(`${path}/${name}`).isFile;
    } catch {
      return false;
    }
  });
  if (!found) console.log(`Completions in ${name} skipped: apt-get install ${name}`);
  return !found;
}

async function output(name: string, args: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(60_000);
  const command = new Deno.Command(name, { args: [...args], signal });
  const { success, stdout, stderr } = await command.output();
  const text = new TextDecoder().decode(stdout);
  if (success) return text;
  throw new Error(`${name} failed: ${text}${new TextDecoder().decode(stderr)}`);
}

/** What lies between one line's marks, a candidate a line. */
function candidates(text: string): string[][] {
  return text.split("\x01").slice(1).map((part) => part.split("\n").filter((line) => line !== ""));
}

/** Calls the function that `complete -F` names with what readline would give it. */
const bash: CompletingShell = {
  name: "bash",
  async complete(script, lines) {
    const driver = `source "$1"; shift
      for line; do
        IFS=' ' read -r -a COMP_WORDS <<<"\${line//=/ = }"
        [[ $line == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
        COMPREPLY=()
        _signet
        printf '\\1'; printf '%s\\n' "\${COMPREPLY[@]}"
      done`;
    const args = ["--norc", "--noprofile", "-c", driver, "bash", script, ...lines];
    return candidates(await output("bash", args));
  },
};

const fish: CompletingShell = {
  name: "fish",
  async complete(script, lines) {
    const driver = `source $argv[1]
      for line in $argv[2..-1]
        printf '\\x01'
        complete -C $line | string split -f 1 \\t
      end
      true`;
    return candidates(await output("fish", ["--no-config", "-c", driver, script, ...lines]));
  },
};

/**
 * Types into an interactive zsh on a pseudo-terminal, since its completion runs nowhere else; not
 * before its last prompt, since what is typed while it is busy goes elsewhere.
 */
const zsh: CompletingShell = {
  name: "zsh",
  async complete(script, lines) {
    const driver = `zmodload zsh/zpty
      zpty z "TERM=dumb COLUMNS=200 LINES=200 zsh -f -i"
      zpty -w z "PS1='' RPS1=''; autoload -Uz compinit && compinit -D; source \${(q)1}"
      zpty -w z "LISTMAX=10000; report() { print -r -- \\"<\\$BUFFER>\\" }; zle -N report"
      zpty -w z "bindkey '^X^R' report; bindkey '^I' list-choices; stty cols 200; PS1='READY'-1"
      zpty -r -m z out "*READY-1*"
      shift
      for line; do
        zpty -w -n z "$line"$'\\t\\x18\\x12'
        zpty -r -m z out "*<signet*>*"
        print -rn -- $'\\1'"$out"
        zpty -w -n z $'\\x15'
      done
      zpty -d z`;
    const text = await output("zsh", ["-f", "-c", driver, "zsh", script, ...lines]);
    return text.split("\x01").slice(1).map((part, index) => read(part, lines[index]!));
  },
};

/** What zsh lists between the line as typed and the line as it draws it again. */
function read(screen: string, line: string): string[] {
  const from = screen.indexOf(line) + line.length;
  return screen.slice(from, screen.indexOf("<signet")).split(/\r?\n/)
    .map((text) =>
      text.replaceAll("\r", "").replaceAll("\x07", "").replace("READY-1", "").split(" -- ")[0]!
        .trim()
    )
    .filter((text) => text !== "" && !text.startsWith("signet"))
    .flatMap((text) => text.split(/ +/));
}

/** The shells that completions are written for. */
export const shells: readonly CompletingShell[] = [bash, zsh, fish];

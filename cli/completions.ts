import type { Command } from "commander";

/** The shells that {@linkcode writeCompletions} knows. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell that {@linkcode writeCompletions} knows. */
export type Shell = typeof SHELLS[number];

/** What may follow one command path, such as `workload add`. */
interface Place {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly text: string }[];
}

/** Writes a completion script for the commands of a program. */
export function writeCompletions(program: Command, shell: Shell): string {
  const places = listPlaces(program);
  if (shell === "fish") return writeFish(places);
  const bash = writeBash(places);
  return shell === "bash" ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function listPlaces(program: Command, path = ""): Place[] {
  const words = [
    ...program.commands.map((c) => ({ word: c.name(), text: c.summary() })),
    ...program.options.map((o) => ({ word: o.long ?? o.flags, text: o.description })),
    { word: "--help", text: "show options and examples" },
  ];
  const below = program.commands.flatMap((c) => listPlaces(c, `${path} ${c.name()}`.trim()));
  return [{ path, words }, ...below];
}

function writeBash(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) =>
    `    "${path}") words="${words.map((w) => w.word).join(" ")}" ;;`
  );
  const paths = places.map((place) => `"${place.path}"`).filter((path) => path !== '""').join("|");
  return `_signet() {
  local path="" words="" word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case "$word" in ${paths}) path="$word" ;; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _signet signet
`;
}

function writeFish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, text }) => {
      const seen = path.split(" ").filter(Boolean).map((p) => `__fish_seen_subcommand_from ${p}`);
      const condition = seen.length > 0 ? seen.join("; and ") : "__fish_use_subcommand";
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c signet -n '${condition}' ${what} -d '${text.replaceAll("'", "")}'`;
    })
  );
  return lines.join("\n") + "\n";
}

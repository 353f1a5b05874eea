import type { Place, Values } from "./places.ts";

/** A script for bash 3.2, which macOS has, and later. */
export function writeBash(places: readonly Place[]): string {
  const paths = places.map(({ path }) => `"${path}"`).slice(1).join("|");
  return `_signet() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local place="" words="" options="" next i
  # bash splits --option=value at the equals sign
  if [[ $cur == "=" ]]; then cur=""
  elif [[ $prev == "=" ]]; then prev="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${place:+$place }\${COMP_WORDS[i]}"
    case "$next" in ${paths}) place="$next" ;; esac
  done
  COMPREPLY=()
  case "$place $prev" in
${places.flatMap(valueCases).join("\n")}
  esac
  case "$place" in
${places.map(wordCase).join("\n")}
  esac
  if [[ $cur == -* || -z $words ]]; then words="$options"; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
_signet_files() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$cur"))
  compopt -o filenames 2>/dev/null
}
complete -F _signet signet
`;
}

function valueCases({ path, options }: Place): string[] {
  return options.flatMap(({ flag, values }) =>
    values === undefined ? [] : [`    "${path} ${flag}") ${answer(values)} ;;`]
  );
}

function answer(values: Values): string {
  if (values === "file") return "_signet_files; return";
  if (values === "text") return "return";
  return `COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$cur")); return`;
}

function wordCase({ path, commands, options, words }: Place): string {
  const named = [...commands.map(({ word }) => word), ...words].join(" ");
  return `    "${path}") words="${named}" options="${
    options.map(({ flag }) => flag).join(" ")
  }" ;;`;
}

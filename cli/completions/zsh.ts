import { type Place, quoted, type Values } from "./places.ts";

/** A script for zsh 5: to be sourced, or put into a directory of `fpath` as `_signet`. */
export function writeZsh(places: readonly Place[]): string {
  const paths = places.map(({ path }) => quoted(path)).slice(1).join("|");
  return `#compdef signet
_signet() {
  local place='' next word cur=\${words[CURRENT]} prev=\${words[CURRENT-1]}
  local -a commands options
  for word in \${words[2,CURRENT-1]}; do
    next="\${place:+$place }$word"
    case "$next" in (${paths}) place=$next ;; esac
  done
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P '*='
  fi
  case "$place $prev" in
${places.flatMap(valueCases).join("\n")}
  esac
  case "$place" in
${places.map(wordCase).join("\n")}
  esac
  (( $#commands )) && _describe -t commands command commands
  if (( ! $#commands )) || [[ $cur == -* ]]; then _describe -t options option options; fi
}
if [[ "\${funcstack[1]}" == _signet ]]; then
  _signet "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -D }
  compdef _signet signet
fi
`;
}

function valueCases({ path, options }: Place): string[] {
  return options.flatMap(({ flag, values }) =>
    values === undefined ? [] : [`    (${quoted(`${path} ${flag}`)}) ${answer(values)}; return ;;`]
  );
}

function answer(values: Values): string {
  if (values === "file") return "_files";
  return values === "text" ? "_message value" : `compadd -- ${values.join(" ")}`;
}

function wordCase({ path, commands, options, words }: Place): string {
  const list = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([word, text]) => quoted(`${word}:${text}`));
  const named = list(commands.map(({ word, text }) => [word, text]));
  return `    (${quoted(path)})
      commands=(${[...named, ...words.map(quoted)].join(" ")})
      options=(${list(options.map(({ flag, text }) => [flag, text])).join(" ")})
      ;;`;
}

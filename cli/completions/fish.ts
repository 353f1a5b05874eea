import { type OptionHint, type Place, quoted } from "./places.ts";

/** A script for fish 3. */
export function writeFish(places: readonly Place[]): string {
  const paths = places.map(({ path }) => quoted(path)).slice(1).join(" ");
  return `function __signet_at
  set -l place
  for word in (commandline -opc)[2..-1]
    set -l next (string join ' ' -- $place $word)
    if contains -- "$next" ${paths}
      set place $place $word
    end
  end
  test "$place" = "$argv[1]"
end
complete -c signet -f
${places.flatMap(writePlace).join("\n")}
`;
}

function writePlace({ path, commands, options, words }: Place): string[] {
  const here = `complete -c signet -n "__signet_at '${path}'"`;
  return [
    ...commands.map(({ word, text }) => `${here} -a ${word} -d ${quoted(text)}`),
    ...(words.length > 0 ? [`${here} -a ${quoted(words.join(" "))}`] : []),
    ...options.map((option) =>
      `${here} -l ${option.flag.slice(2)}${takes(option)} -d ${quoted(option.text)}`
    ),
  ];
}

function takes({ values }: OptionHint): string {
  if (values === undefined) return "";
  if (values === "file") return " -r -F";
  return values === "text" ? " -x" : ` -x -a ${quoted(values.join(" "))}`;
}

import type { Argument, Command, Option } from "commander";

/** What may stand behind an option, or as an argument. */
export type Values = readonly string[] | "file" | "text";

/** An option as completions show it. */
export interface OptionHint {
  /** Long name with its dashes. */
  readonly flag: string;
  readonly text: string;
  /** What its value may be; absent where it takes none. */
  readonly values?: Values;
}

/** What may follow one command path, such as `workload add`. */
export interface Place {
  readonly path: string;
  readonly commands: readonly { readonly word: string; readonly text: string }[];
  readonly options: readonly OptionHint[];
  /** Words that an argument may be; empty where it is free text. */
  readonly words: readonly string[];
}

/** Every place of a program, the program itself first. */
export function listPlaces(program: Command, path = ""): Place[] {
  const below = program.commands.flatMap((c) => listPlaces(c, `${path} ${c.name()}`.trim()));
  return [{
    path,
    commands: program.commands.map((c) => ({ word: c.name(), text: c.summary() })),
    options: [
      ...program.options.map(describeOption),
      { flag: "--help", text: "show options and examples" },
    ],
    words: program.registeredArguments.flatMap((argument: Argument) => argument.argChoices ?? []),
  }, ...below];
}

function describeOption(option: Option): OptionHint {
  const flag = option.long ?? option.flags;
  if (!option.required && !option.optional) return { flag, text: option.description };
  return { flag, text: option.description, values: option.argChoices ?? valuesOf(option.flags) };
}

/** What a value is, by the name that the option gives it. */
function valuesOf(flags: string): Values {
  return /<(file|directory)>|-file </.test(flags) ? "file" : "text";
}

/** Text as one word between single quotes, which bash, zsh and fish read alike without a quote in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "’").replaceAll("\\", "/")}'`;
}

import type { Command } from "commander";
import { writeBash } from "./completions/bash.ts";
import { writeFish } from "./completions/fish.ts";
import { listPlaces, type Place } from "./completions/places.ts";
import { writeZsh } from "./completions/zsh.ts";

const WRITERS = { bash: writeBash, zsh: writeZsh, fish: writeFish } as const;

/** A shell that {@linkcode writeCompletions} knows. */
export type Shell = keyof typeof WRITERS;

/** The shells that {@linkcode writeCompletions} knows. */
export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/** Writes a completion script for the commands of a program. */
export function writeCompletions(program: Command, shell: Shell): string {
  const write: (places: readonly Place[]) => string = WRITERS[shell];
  return write(listPlaces(program));
}

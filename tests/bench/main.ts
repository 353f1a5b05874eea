/**
 * `deno task bench [--only NAME]... [--quick | --tiny] [--flood SECONDS]`: measures every part
 * against a limit or a peer in the same run, prints one table, exits with 1 when a goal is missed.
 *
 * @module
 */
import { loadGenerator } from "./load.ts";
import { parseArguments } from "./parse_arguments.ts";
import { parts } from "./parts.ts";
import type { Row } from "./row.ts";
import { line, table } from "./table.ts";

const { only, scale } = parseArguments(Deno.args, parts.map(({ name }) => name));
const cores = navigator.hardwareConcurrency;
console.error(
  `Deno ${Deno.version.deno}, ${cores} cores, ${scale.rounds} rounds, load: ${loadGenerator}`,
);
const rows: Row[] = [];
let failed = 0;
for (const part of parts) {
  if (only.length > 0 && !only.includes(part.name)) continue;
  console.error(`… ${part.name}`);
  try {
    const made = await part.run(scale);
    for (const row of made) console.error(line(row));
    rows.push(...made);
  } catch (error) {
    // The other parts are worth having.
    console.error(error);
    failed++;
  }
}
console.log(table(rows));
const held = rows.filter(({ goal }) => goal !== "shown");
const missed = held.filter(({ met }) => !met).length;
if (missed > 0) console.log(`\n${missed} of ${held.length} goals missed`);
if (failed > 0) console.log(`${failed} parts failed`);
Deno.exit(missed + failed > 0 ? 1 : 0);

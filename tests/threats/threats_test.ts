import { assert, assertEquals } from "@std/assert";
import { type Threat, THREATS } from "./threats.ts";

const tests = new URL("../", import.meta.url);

/** The names of the tests of a source file; of a templated name every expansion counts. */
function testNames(source: string): (name: string) => boolean {
  const exact = new Set<string>();
  const templates: RegExp[] = [];
  for (const [, quote, text] of source.matchAll(/Deno\.test\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs)) {
    if (quote !== "`" || !text!.includes("${")) exact.add(text!.replace(/\\(.)/g, "$1"));
    else templates.push(templateOf(text!));
  }
  return (name) =>
    exact.has(name) ||
    templates.some((template) =>
      // What fills the gaps must be written somewhere in the file too.
      template.exec(name)?.slice(1).every((part) => source.includes(part))
    );
}

function templateOf(text: string): RegExp {
  const literals = text.split(/\$\{[^}]*\}/).map((part) =>
    part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  );
  return new RegExp(`^${literals.join("(.+)")}$`);
}

/** The numbers that a test's name says it is about. */
function numbersIn(name: string): Set<number> {
  const numbers = new Set<number>();
  for (const [, list] of name.matchAll(/[Tt]hreats? (\d+(?:(?:, | and | to )\d+)*)/g)) {
    for (const part of list!.split(/, | and /)) {
      const [first = 0, last = first] = part.split(" to ").map(Number);
      for (let number = first; number <= last; number++) numbers.add(number);
    }
  }
  return numbers;
}

/** Everything wrong with a table. */
async function faultsOf(
  threats: Readonly<Record<number, Threat>>,
  readSource: (file: string) => Promise<string>,
): Promise<string[]> {
  const faults: string[] = [];
  for (let number = 1; number <= 70; number++) {
    if (!threats[number]?.tests.length) faults.push(`threat ${number} has no test`);
  }
  for (const [number, threat] of Object.entries(threats)) {
    for (const [file, name] of threat.tests) {
      const source = await readSource(file).catch(() => undefined);
      if (source === undefined) faults.push(`${file} does not exist`);
      else if (!testNames(source)(name)) faults.push(`${file} has no test "${name}"`);
      if (!numbersIn(name).has(Number(number))) faults.push(`"${name}" does not name ${number}`);
    }
  }
  return faults;
}

const readSource = (file: string) => Deno.readTextFile(new URL(file, tests));

Deno.test("every threat of 1 to 70 has a test that exists and names its number", async () => {
  assertEquals(await faultsOf(THREATS, readSource), []);
});

Deno.test("the table of threats fails for a missing number, file, test or name", async () => {
  const faults = (threat: Threat) => faultsOf({ ...THREATS, 7: threat }, readSource);
  const title = "crit";
  const [file, name] = THREATS[7]!.tests[0]!;
  assertEquals(await faults({ title, tests: [] }), ["threat 7 has no test"]);
  const gone = await faults({ title, tests: [["verify/gone_test.ts", name]] });
  assertEquals(gone, ["verify/gone_test.ts does not exist"]);
  const unknown = "threat 7: verify refuses what no test speaks of";
  assertEquals(await faults({ title, tests: [[file, unknown]] }), [
    `${file} has no test "${unknown}"`,
  ]);
  const [, other] = THREATS[8]!.tests[0]!;
  assertEquals(await faults({ title, tests: [[file, other]] }), [`"${other}" does not name 7`]);
});

Deno.test("threats that do not apply say why, and are the callback's alone", () => {
  const spared = Object.entries(THREATS).filter(([, threat]) => threat.notApplicable);
  assertEquals(spared.map(([number]) => Number(number)), [41, 42]);
  for (const [, { notApplicable }] of spared) assert(notApplicable!.includes("no callback mode"));
});

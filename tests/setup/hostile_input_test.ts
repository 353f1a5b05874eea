import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SetupError, type SetupInput, type SetupPlan } from "../../setup/mod.ts";
import { PLANNERS, someInput } from "./_support/inputs.ts";
import { allStrings, parseHcl, parseYaml, templateValue } from "./_support/parse.ts";
import { bashAccepts, createStage } from "./_support/run_script.ts";

const piece = fc.constantFrom(
  "'",
  '"',
  "\\",
  "$",
  "${x}",
  "$(touch pwned)",
  "`touch pwned`",
  "%{if true}",
  ";touch pwned;",
  "\n",
  "\t",
  "\u0000",
  "\u2028",
  "é",
  " ",
  "a",
  "/",
  ":",
  "<<EOF",
  "CONFIG_JSON",
  "{{x}}",
  "&&",
  "|",
  "!!",
  "- x",
  "#",
  "@",
  "--help",
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));

/** Every document of the plan, parsed. */
async function parsePlan(plan: SetupPlan): Promise<string[]> {
  const found = allStrings(await parseHcl(plan.terraform)).map(templateValue);
  for (const { name, contents } of plan.artifacts) {
    if (name.endsWith(".json")) found.push(...allStrings(JSON.parse(contents)));
    else if (name.endsWith(".yaml")) found.push(...allStrings(parseYaml(contents)));
    else found.push(...allStrings(await parseHcl(contents)));
  }
  return found;
}

function attempt(plan: (input: SetupInput) => SetupPlan, input: SetupInput): SetupPlan | undefined {
  try {
    return plan(input);
  } catch (error) {
    assert(error instanceof SetupError, String(error));
    return undefined;
  }
}

for (const [name, planner] of Object.entries(PLANNERS)) {
  Deno.test(`setup for ${name} refuses a hostile subject or audience, or carries it unchanged`, async () => {
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (left, right) => {
        for (const changes of [{ subject: left }, { audience: right }]) {
          const plan = attempt(planner, someInput(changes));
          if (!plan) continue;
          planned++;
          const strings = await parsePlan(plan);
          const wanted = changes.subject ?? changes.audience ?? "";
          assert(strings.some((text) => text.includes(wanted)), `${wanted} is missing`);
          assert(await bashAccepts(plan.cli), plan.cli);
        }
      }),
      { numRuns: 60, seed: 11 },
    );
    assert(planned > 0, "every value was refused, so nothing was tested");
  });

  Deno.test(`setup for ${name} refuses control characters in every common value`, () => {
    for (
      const bad of ["a\nb", "a\rb", "a\0b", "a\u001bb", "a\u007fb", "a\u0085b", "a\u2028b", ""]
    ) {
      const org = { org: bad, app: "web", context: "production" };
      for (
        const changes of [{ subject: bad }, { audience: bad }, { issuer: bad }, { workload: org }]
      ) {
        assertThrows(() => planner(someInput(changes)), SetupError);
      }
    }
  });
}

Deno.test("setup scripts run hostile subjects as data: no command in them is executed", async () => {
  const nasty = "x'$(touch pwned)`touch pwned`\"; touch pwned; \\ $HOME.end";
  for (const [name, planner] of Object.entries(PLANNERS)) {
    const plan = attempt(planner, someInput({ subject: nasty }));
    if (!plan) {
      assertEquals(name, "gcp");
      continue;
    }
    const answer =
      `case "$1" in sts) echo 123456789012 ;; account) echo ${"11111111-2222-3333-4444-555555555555"} ;; esac`;
    await using stage = await createStage({ aws: answer, az: answer, vault: "", kubectl: "" });
    const run = await stage.run(plan.cli);
    assertEquals(run.code, 0, run.stderr);
    assertEquals(stage.strays(), [], name);
    const seen = run.calls.map((call) => call.args.join("\n") + call.stdin).join("\n");
    assert(seen.includes("$(touch pwned)"), `${name} lost the subject`);
  }
});

Deno.test("setup reports every fault at once and names the field", () => {
  const error = assertThrows(
    () =>
      PLANNERS.aws!({
        issuer: "http://ID.acme.test:8080/",
        workload: { org: "A", app: "", context: "x--y" },
      }),
    SetupError,
  ) as SetupError;
  const fields = new Set(error.faults.map((fault) => fault.field));
  assertEquals(error.code, "invalid_input");
  for (const field of ["issuer", "workload.org", "workload.app", "workload.context"]) {
    assert(fields.has(field), `${field} is not named: ${error.message}`);
  }
});

Deno.test("setup refuses a wildcard in the subject", () => {
  for (const planner of Object.values(PLANNERS)) {
    assertThrows(() => planner(someInput({ subject: "deployment:acme/*" })), SetupError);
  }
});

Deno.test("setup for Google Cloud and Azure refuses perDeployment", () => {
  for (const name of ["gcp", "azure app", "azure identity"]) {
    assertThrows(() => PLANNERS[name]!(someInput({ perDeployment: true })), SetupError);
  }
});

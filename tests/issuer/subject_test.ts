import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { isName } from "../../issuer/name.ts";
import { buildSubject, defaultSubject, subjectTemplateFault } from "../../issuer/subject.ts";

const name = fc.string({ unit: fc.constantFrom("a", "b", "0", "-"), minLength: 1, maxLength: 5 })
  .filter(isName);
const parts = fc.record({
  org: name,
  app: name,
  context: name,
  workload: name,
  deployment: fc.option(name, { nil: undefined }),
});

Deno.test("buildSubject gives the contract's default with and without a verified deployment", () => {
  const web = { org: "acme", app: "web", context: "production", workload: "web" };
  assertEquals(buildSubject(defaultSubject, web), "deployment:acme/web/production");
  assertEquals(
    buildSubject(defaultSubject, { ...web, deployment: "rh2r15" }),
    "deployment:acme/web/production/rh2r15",
  );
});

Deno.test("threat 26: buildSubject never gives two identities one subject", () => {
  const templates = [
    defaultSubject,
    "deployment:{org}/{app}/{context}",
    "w/{workload}[/{deployment}]",
  ];
  fc.assert(
    fc.property(parts, parts, fc.constantFrom(...templates), (one, other, template) => {
      assertEquals(subjectTemplateFault(template), undefined);
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) =>
        match[1] as keyof typeof one
      );
      const same = names.every((part) => one[part] === other[part]);
      assertEquals(buildSubject(template, one) === buildSubject(template, other), same);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("threat 26: no template that is accepted gives two identities one subject", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "0", "-", ":", "/", ".", "|"),
    maxLength: 3,
  });
  const variable = fc.constantFrom("{org}", "{app}", "{context}", "{workload}");
  const tail = fc.constantFrom("", "", "[/{deployment}]", "[:{deployment}]", "[.{deployment}]");
  const template = fc.tuple(fc.array(fc.tuple(text, variable), { maxLength: 5 }), text, tail)
    .map(([pieces, middle, end]) => pieces.flat().join("") + middle + end);
  const whole = fc.constantFrom(
    ...["{org}/{app}/{context}", "a:{workload}", "{org}:{app}.{context}/{workload}[/{deployment}]"],
  );
  let sound = 0;
  fc.assert(
    fc.property(parts, parts, fc.oneof(template, whole), (one, other, template) => {
      if (subjectTemplateFault(template) !== undefined) return;
      sound++;
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) =>
        match[1] as keyof typeof one
      );
      const same = names.every((part) => one[part] === other[part]);
      const equal = buildSubject(template, one) === buildSubject(template, other);
      assertEquals(equal, same, `${template} ${JSON.stringify([one, other])}`);
    }),
    { numRuns: 8000 },
  );
  assert(sound > 1_000, `${sound} templates were sound`);
});

Deno.test("threat 25: isName refuses every value that could imitate another subject", () => {
  const hostile = [
    "a/b",
    "a:b",
    "*",
    "?",
    "a\0",
    "a\n",
    "a\u202eb",
    "a\u200bb",
    "é",
    "e\u0301",
    "A",
    "%2f",
  ];
  for (const value of [...hostile, "", "-a", "a-", "a--b", "a".repeat(64), 1, null, ["a"]]) {
    assertEquals(isName(value), false, JSON.stringify(value));
  }
  for (const value of ["a", "a-b", "0", "a".repeat(63)]) assertEquals(isName(value), true);
});

Deno.test("subjectTemplateFault refuses templates that could give two workloads one subject", () => {
  const unsound = [
    "{org}",
    "{org}{app}{context}",
    "{org}-{app}-{context}",
    "{org}/{app}/{context}/{deployment}",
    "{org}/{app}/{context}[{deployment}]",
    "{org}/{app}/{context}[/{revision}]",
    "{org}/{app}/{context}/{team}",
    "deployment {org}/{app}/{context}",
    "",
  ];
  for (const template of unsound) {
    assertNotEquals(subjectTemplateFault(template), undefined, template);
  }
});

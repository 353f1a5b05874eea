import { parseStrictJson, StrictJsonError } from "../../../verify/strict_json.ts";
import { anyText, anyValue, mutateBytes, mutateText } from "../mutate.ts";
import type { Random } from "../random.ts";
import { referenceJson, spelled } from "../reference_json.ts";
import { attempt, ensure, type Target } from "../target.ts";

const SAMPLES = [
  '{"a":[1,-2.5e3,{"b":"\\u00e9\\n"}],"c":null,"d":true}',
  '{"a":1,"b":{"a":1},"a ":2}',
  "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
  '"\\ud83d\\ude00"',
];

function sample(random: Random): string {
  if (random.oneIn(8)) return anyText(random);
  if (random.oneIn(40)) return `[${"1,".repeat(1_015 + random.int(20))}1]`;
  return random.oneIn(2) ? random.pick(SAMPLES) : JSON.stringify(anyValue(random, 5)) ?? "null";
}

/** The strict JSON reader reads exactly what the reference reads, as the same value. */
export function jsonTarget(parse: (bytes: Uint8Array) => unknown = parseStrictJson): Target {
  return {
    name: "json",
    cases: 1_500,
    run(random) {
      const text = random.oneIn(5) ? sample(random) : mutateText(random, sample(random));
      const encoded = new TextEncoder().encode(text);
      const bytes = random.oneIn(4) ? mutateBytes(random, encoded) : encoded;
      const outcome = attempt({
        ...{ input: text, length: bytes.length, errors: [StrictJsonError] },
        parse: () => parse(bytes),
      });
      const reference = referenceJson(bytes);
      const [ours, theirs] = ["value" in outcome, "value" in reference];
      ensure(ours === theirs, `accepted: ${ours}, by the reference: ${theirs}`, [text, reference]);
      if (!("value" in outcome) || !("value" in reference)) return;
      ensure(spelled(outcome.value) === spelled(reference.value), "another value", text);
      const written = JSON.stringify(outcome.value);
      const again = spelled(parse(new TextEncoder().encode(written)));
      ensure(again === spelled(JSON.parse(written)), "no round trip", text);
    },
  };
}

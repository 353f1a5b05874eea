import { TokenError } from "../../../issuer/errors.ts";
import { type Parameters, readParameters } from "../../../issuer/parameters.ts";
import { anyText, mutateText } from "../mutate.ts";
import type { Random } from "../random.ts";
import { attempt, ensure, type Target } from "../target.ts";

const SAMPLES = [
  "grant_type=client_credentials&audience=https%3A%2F%2Fapi.test&ttl=300",
  "audience=sts.amazonaws.com&roles=arn%3Aa+arn%3Ab&session_tags=a%20b",
  "a=&b&=c&d=%E2%82%AC",
];

function sample(random: Random): string {
  if (random.oneIn(10)) return anyText(random);
  if (random.oneIn(2)) return random.pick(SAMPLES);
  const pairs = Array.from(
    { length: random.int(5) },
    () => [anyText(random, 4), anyText(random, 8)],
  );
  return new URLSearchParams(pairs).toString();
}

/** Why a form is refused, said by other means than the reader's; undefined when it is sound. */
function faultOf(text: string): string | undefined {
  if ([...text].some((sign) => sign < " " || sign > "~")) return "not ASCII";
  if (text === "") return undefined;
  const names: string[] = [];
  for (const pair of text.split("&")) {
    try {
      const [name = "", ...value] = pair.replaceAll("+", "%20").split("=");
      decodeURIComponent(value.join("="));
      names.push(decodeURIComponent(name));
    } catch {
      return "not UTF-8";
    }
  }
  if (new Set(names).size < names.length) return "twice";
  return names.some((name) => name.includes("[")) ? "bracket" : undefined;
}

/** The form reader takes exactly the sound forms, and reads them as URLSearchParams does. */
export function formTarget(parse: (text: string) => Parameters = readParameters): Target {
  return {
    name: "form",
    cases: 1_500,
    run(random) {
      const text = random.oneIn(6) ? sample(random) : mutateText(random, sample(random));
      const outcome = attempt({
        ...{ input: text, length: text.length, errors: [TokenError] },
        parse: () => parse(text),
      });
      const fault = faultOf(text), isTaken = "value" in outcome;
      ensure(isTaken === (fault === undefined), `taken: ${isTaken}, fault: ${fault}`, text);
      if (!isTaken) return;
      // A "?" in front is passed over by URLSearchParams and is part of a name in a form.
      const theirs = [...new URLSearchParams(`&${text}`)].filter(([, value]) => value !== "");
      const same = JSON.stringify(theirs.sort()) === JSON.stringify([...outcome.value].sort());
      ensure(same, "read otherwise than URLSearchParams", [text, theirs, [...outcome.value]]);
      const written = new URLSearchParams([...outcome.value]).toString();
      const again = JSON.stringify([...parse(written)]);
      ensure(again === JSON.stringify([...outcome.value]), "no round trip", text);
    },
  };
}

/** A fixed set of the cases that `deno task fuzz` tries for as long as it is told. */
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { TokenError } from "../../issuer/errors.ts";
import { TokenVerificationError } from "../../verify/errors.ts";
import { parseCompact, type ParsedToken } from "../../verify/parse_compact.ts";
import { StrictJsonError } from "../../verify/strict_json.ts";
import { parseArguments } from "./parse_arguments.ts";
import { createRandom } from "./random.ts";
import { FuzzFailure, runCases } from "./run_targets.ts";
import type { Target } from "./target.ts";
import { TARGETS } from "./targets.ts";
import { formTarget } from "./targets/form.ts";
import { jsonTarget } from "./targets/json.ts";
import { jwtTarget } from "./targets/jwt.ts";
import { countWork, mostWork } from "./work.ts";

for (const target of TARGETS) {
  Deno.test(`fuzz ${target.name}: ${target.cases} cases hold`, async () => {
    await runCases(target, { seed: 1, count: target.cases });
  });
}

/** The failure that a parser with a fault leads to. */
async function found(target: Target): Promise<string> {
  const error = await assertRejects(
    () => runCases(target, { seed: 1, count: target.cases }),
    FuzzFailure,
  ) as Error;
  return error.message;
}

const decode = (bytes: Uint8Array) =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

function jsonBy(parse: (text: string) => unknown): Target {
  return jsonTarget((bytes) => {
    try {
      return parse(decode(bytes));
    } catch (cause) {
      throw new StrictJsonError("not JSON", { cause });
    }
  });
}

Deno.test("fuzz finds a JSON reader that takes a name twice, and one that throws its own error", async () => {
  assertStringIncludes(await found(jsonBy(JSON.parse)), "accepted: true, by the reference: false");
  assertStringIncludes(
    await found(jsonTarget((bytes) => JSON.parse(decode(bytes)))),
    "SyntaxError",
  );
});

Deno.test("fuzz finds a form reader that takes the first of two values", async () => {
  const lenient = formTarget((text) => new Map([...new URLSearchParams(text)].reverse()));
  assertStringIncludes(await found(lenient), "taken: true");
  const strict = formTarget(() => {
    throw new TokenError("invalid_request", "no");
  });
  assertStringIncludes(await found(strict), "taken: false");
});

Deno.test("fuzz finds a token reader that decodes leniently, and one that refuses too much", async () => {
  const lenient = (token: string): ParsedToken => {
    const [header, payload, signature] = token.split(".");
    const plain = (part = "") => part.replace(/=+$/, "").replace(/[^\w.-]/g, "");
    const parsed = parseCompact([header, payload, signature].map(plain).join("."));
    return { ...parsed, token: [header, payload, signature].map(plain).join(".") };
  };
  assertStringIncludes(await found(jwtTarget(lenient)), "accepted: true, by the reference: false");
  const strict = jwtTarget((token) => {
    const parsed = parseCompact(token);
    if (parsed.claims.nbf !== undefined) return parsed;
    throw new TokenVerificationError("claim_invalid", "no nbf");
  });
  assertStringIncludes(await found(strict), "accepted: false, by the reference: true");
});

Deno.test("fuzz finds work that grows with the square of the input, by counting", () => {
  const text = "a,".repeat(2_000);
  const linear = countWork(() => text.split(",").map((part) => part.indexOf("a")));
  assert(linear.work < mostWork(text.length), `${linear.work}`);
  const quadratic = countWork(() => {
    let rest = text;
    while (rest.includes(",")) rest = rest.slice(rest.indexOf(",") + 1);
  });
  assert(quadratic.work > mostWork(text.length), `${quadratic.work}`);
  assertThrows(countWork(() => JSON.parse("{")).result, SyntaxError);
  assertEquals("ab".slice(1), "b");
});

Deno.test("a failure names the seed that shows it again, and one seed makes one case", async () => {
  const failing: Target = {
    ...{ name: "failing", cases: 100 },
    run(random) {
      if (random.int(50) === 7) throw new Error("seven");
    },
  };
  const seed = Number(/--seed (\d+)/.exec(await found(failing))![1]);
  await assertRejects(() => runCases(failing, { seed, count: 1 }), FuzzFailure, "seven");
  await runCases(failing, { seed: 1, count: seed - 1 });
  const draw = (seed: number) =>
    Array.from({ length: 9 }, ((random) => () => random.int(99))(createRandom(seed)));
  assertEquals(draw(5), draw(5));
  assert(draw(5).join() !== draw(6).join());
});

Deno.test("the fuzz command line: a seed alone is one case, else sixty seconds", () => {
  const read = (...args: string[]) => parseArguments(args, { names: ["json"], anySeed: () => 9 });
  assertEquals(read(), { only: [], seed: 9, seconds: 60 });
  assertEquals(read("--only", "json", "--seed", "4"), { only: ["json"], seed: 4, seconds: 0 });
  assertEquals(read("--seed", "4", "--seconds", "5"), { only: [], seed: 4, seconds: 5 });
  for (const args of [["--seed", "x"], ["--only", "xml"], ["--fast"]]) {
    assertThrows(() => read(...args), TypeError);
  }
});

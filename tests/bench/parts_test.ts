import { assertEquals, assertThrows } from "@std/assert";
import { interleave } from "./interleave.ts";
import { parseArguments } from "./parse_arguments.ts";
import { parts } from "./parts.ts";

const names = parts.map(({ name }) => name);

/** Runs a part just to see what it counts. */
async function counted(name: string) {
  const part = parts.find((part) => part.name === name)!;
  const rows = await part.run(parseArguments(["--tiny"], names).scale);
  return rows.map(({ what, ours, met }) => ({ what, ours, met }));
}

Deno.test("a token costs no KV operation by request token, one by single-use exchange", async () => {
  assertEquals(await counted("kv-operations"), [
    { what: "KV operations per token, request token", ours: 0, met: true },
    { what: "KV operations per token, single-use exchange", ours: 1, met: true },
  ]);
});

Deno.test("first AWS credentials take the three round trips of the protocols", async () => {
  const [trips] = await counted("first-credential");
  assertEquals(trips, { what: "first AWS credentials: round trips", ours: 3, met: true });
});

Deno.test("interleave takes turns that reverse from round to round, the first of which does not count", async () => {
  const calls: string[] = [];
  const take = (name: string) => () => calls.push(name);
  const values = await interleave({ a: take("a"), b: take("b") }, { rounds: 2 });
  assertEquals(calls.join(""), "ababba");
  assertEquals(values, { a: [3, 6], b: [4, 5] });
});

Deno.test("parseArguments reads names and size, and refuses what it does not know", () => {
  assertEquals(parseArguments(["--only", "cold", "--only", "start"], names).only, [
    "cold",
    "start",
  ]);
  assertEquals(parseArguments([], names).scale.floodSeconds, 600);
  assertEquals(parseArguments(["--quick", "--flood", "30"], names).scale.floodSeconds, 30);
  for (const wrong of [["--only", "x"], ["--only"], ["--flood", "0"], ["--fast"]]) {
    assertThrows(() => parseArguments(wrong, names), TypeError);
  }
});

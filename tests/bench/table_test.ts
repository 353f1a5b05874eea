import { assertEquals } from "@std/assert";
import { atMost, row } from "./row.ts";
import { line, table } from "./table.ts";

Deno.test("table shows medians, their ratio, the goal and whether it is met, in aligned columns", () => {
  const tokens = { what: "token", unit: "/s", ours: [1_000, 900, 1_250], against: "raw" };
  const limit = [1_000, 1_000, 1_000];
  const rows = [
    row({ ...tokens, limit, goal: { atLeast: 0.89 } }),
    row({ ...tokens, limit, goal: { atLeast: 1.25 } }),
    row({ ...tokens, limit, goal: "shown" }),
    atMost(3, { what: "import", unit: "ms", ours: [4.5, 3.9, 2] }),
  ];
  assertEquals(
    table(rows),
    [
      "| what   | ours    | limit or peer | ratio | goal   | met |",
      "| ------ | ------- | ------------- | ----- | ------ | --- |",
      "| token  | 1,000/s | 1,000/s raw   | 1     | ≥ 0.89 | yes |",
      "| token  | 1,000/s | 1,000/s raw   | 1     | ≥ 1.25 | NO  |",
      "| token  | 1,000/s | 1,000/s raw   | 1     |        |     |",
      "| import | 3.9 ms  | 3 ms fixed    | 1.3   | ≤ 1    | NO  |",
    ].join("\n"),
  );
  assertEquals(line(rows[0]!), "  token: 1,000/s to 1,000/s raw: 1 ≥ 0.89 yes");
  assertEquals(line(rows[2]!), "  token: 1,000/s to 1,000/s raw: 1");
});

import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { formatDuration, formatWhen, parseDuration } from "../../cli/duration.ts";
import { visibleLength } from "../../cli/style.ts";
import { formatTable, wrapText } from "../../cli/table.ts";

Deno.test("parseDuration reads seconds, minutes, hours and days", () => {
  assertEquals(["300", "15m", "1h", "90d", "1y"].map(parseDuration), [
    ...[300, 900, 3600, 7_776_000, 31_536_000],
  ]);
  for (const text of ["", "0", "1.5h", "-1h", "1 h", "h", "1mo"]) {
    assertThrows(() => parseDuration(text));
  }
});

Deno.test("formatDuration names two units while the first is small", () => {
  assertEquals([0, 59, 60, 90, 300, 5400, 86_400, 90_000, 7_776_000].map(formatDuration), [
    ...["0 s", "59 s", "1 min", "1 min 30 s", "5 min", "1 h 30 min", "1 d", "1 d 1 h", "90 d"],
  ]);
});

Deno.test("formatWhen tells the past from the future", () => {
  const now = Date.UTC(2026, 0, 1);
  const at = (ms: number) => new Date(now + ms).toISOString();
  assertEquals([300_000, -300_000, 0].map((ms) => formatWhen(at(ms), now)), [
    ...["in 5 min", "5 min ago", "now"],
  ]);
  assertEquals(formatWhen(null, now), "-");
});

Deno.test("wrapText keeps every character and no line is too long", () => {
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
    const lines = wrapText(text, width);
    assertEquals(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    for (const line of lines) assertEquals(visibleLength(line) <= width, true, line);
  }));
});

Deno.test("formatTable fits its width whatever the cells are", () => {
  const cell = fc.string({ maxLength: 120 });
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
    for (const line of formatTable({ head: ["A", "B", "C"], rows, width: 80 })) {
      assertEquals(visibleLength(line) <= 80, true, line);
    }
  }));
});

Deno.test("wrapText breaks a long name behind a separator", () => {
  const name = "https://iam.googleapis.com/projects/123456789012/locations/global";
  assertEquals(wrapText(name, 40), ["https://iam.googleapis.com/projects/", name.slice(36)]);
});

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { memoryKv } from "../../kv/memory_kv.ts";
import { deployment } from "./_support.ts";

const minute = 60_000;

const steps = fc.array(
  fc.record({
    isolate: fc.nat(2),
    wait: fc.oneof(fc.nat(2 * minute), fc.nat(30 * 60 * minute)),
    act: fc.constantFrom("look", "look", "look", "maintain", "rotate", "kill"),
  }),
  { minLength: 30, maxLength: 60 },
);

Deno.test("hazard 2.9: a kid that left the JWKS of an isolate never comes back; 304 only for an equal set", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const kv = memoryKv();
      const { clock, isolate } = deployment();
      await using stack = new AsyncDisposableStack();
      const isolates = [0, 1, 2].map(() => stack.use(isolate(kv)));
      const seen = isolates.map(() => ({ kids: new Set<string>(), gone: new Set<string>() }));
      const bodies = new Map<string, string>();
      // Gone for a minute and a half, a kid must be gone everywhere.
      const goneAt = new Map<string, number>();
      for (const { isolate: index, wait, act } of steps) {
        clock.now += wait;
        const asked = isolates[index]!;
        if (act === "maintain") await asked.issuer.maintain();
        if (act === "rotate") await (await asked.admin("POST", "keys/rotate")).body?.cancel();
        if (act === "kill") {
          const body = { emergency: true };
          await (await asked.admin("POST", "keys/rotate", body)).body?.cancel();
        }
        const { kids, gone } = seen[index]!;
        const response = await asked.get("/.well-known/jwks.json");
        const text = await response.text();
        const shown: string[] = JSON.parse(text).keys.map(({ kid }: { kid: string }) => kid);
        for (const kid of kids) {
          if (shown.includes(kid)) continue;
          gone.add(kid);
          goneAt.set(kid, Math.min(goneAt.get(kid) ?? Infinity, clock.now));
        }
        for (const kid of shown) {
          kids.add(kid);
          assert(!gone.has(kid), "a kid came back");
          assert(clock.now - (goneAt.get(kid) ?? Infinity) <= 90_000, "a kid gone is still shown");
        }
        const etag = response.headers.get("etag")!;
        assertEquals(bodies.get(etag) ?? text, text, "one entity tag, one set");
        bodies.set(etag, text);
        for (const [known, body] of [...bodies].slice(-3)) {
          const headers = { "if-none-match": known };
          const again = await asked.get("/.well-known/jwks.json", { headers });
          const is = again.headers.get("etag");
          assertEquals([again.status, is === known], is === known ? [304, true] : [200, false]);
          assert(again.status === 304 || await again.text() !== body);
        }
      }
    }),
    { numRuns: 8 },
  );
});

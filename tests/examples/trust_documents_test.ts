import { assert, assertEquals } from "@std/assert";
import { parseConfigFile } from "../../issuer/config_file.ts";
import type { Fault } from "../../issuer/errors.ts";
import { PRESETS } from "../../issuer/trust/presets/find_preset.ts";
import { parseTrustRules } from "../../issuer/trust/parse_rule.ts";
import { readFile } from "./_support.ts";

const own = "https://signet.acme.deno.net";

Deno.test("every rule and file in docs/platforms.md and the README is accepted as it stands", async () => {
  const text = await readFile("docs/platforms.md") + await readFile("README.md");
  const blocks = [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, body]) => body!);
  assert(blocks.length >= 3);
  for (const block of blocks) {
    const value = JSON.parse(block);
    if (Array.isArray(value) || value.preset) {
      const given = [value].flat();
      const { rules } = parseTrustRules(given, { ownIssuer: own, ownIsLoopback: false });
      assertEquals(rules.length, given.length);
      continue;
    }
    const faults: Fault[] = [];
    parseConfigFile(new TextEncoder().encode(block), { issuer: own, faults });
    assertEquals(faults, []);
  }
});

Deno.test("the table of docs/platforms.md tells of every preset what the code does", async () => {
  const text = await readFile("docs/platforms.md");
  const rows = [
    ...text.matchAll(/^\| \[`([a-z-]+)`\]\([^)]+\)\s*\|(.*)\|(.*)\|\s*(yes|no)\s*\|$/gm),
  ];
  const told = rows.map(([, name, needs, , once]) => ({
    name,
    needs: needs!.split(";").map((part) =>
      [...part.matchAll(/`(\w+)`/g)].map(([, param]) => param)
    ),
    singleUse: once === "yes",
  }));
  const known = PRESETS.map(({ name, required, singleUse }) => ({
    name,
    needs: required,
    singleUse,
  }));
  assertEquals(told, known as typeof told);
});

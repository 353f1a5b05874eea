import { assert, assertEquals } from "@std/assert";
import { crashAt, type CrashResult, type Scene, SCENES } from "./crash_points.ts";

for (const scene of SCENES) {
  Deno.test(`createKeyring outlives a crash at every step of ${scene.name}, hazard 2.14`, async () => {
    for (const seed of [1, 2]) {
      mustOutlive(scene, await everyEnd(scene, { configuration: "steady", seed }));
    }
  });
}

for (const scene of SCENES.filter(({ issuer }) => issuer !== false)) {
  Deno.test(`createIssuer outlives a crash at every step of ${scene.name}, hazard 2.14`, async () => {
    mustOutlive(scene, await everyEnd(scene, { configuration: "issuer", seed: 1 }));
  });
}

/** Every end of a scene: dead before each of its steps, and at last alive. */
async function everyEnd(
  scene: Scene,
  options: { configuration: string; seed: number },
): Promise<CrashResult[]> {
  const ends: CrashResult[] = [];
  while (ends.at(-1)?.died !== false) {
    ends.push(await crashAt(scene, { ...options, step: ends.length }));
  }
  return ends;
}

function mustOutlive({ reads }: Scene, ends: readonly CrashResult[]): void {
  assert(ends.length > 3, "there are steps to die at");
  const told = ends.filter(({ done }) => done).length;
  assertEquals([told, ends.at(-1)!.done], [1, true], "only who lives says that it is done");
  const writes = new Set(ends.map(({ writes }) => writes));
  assertEquals(writes, new Set(reads ? [0] : [0, 1]), "some die before the write, and some after");
}

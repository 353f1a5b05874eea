import { nextTransition } from "../../keys/lifecycle.ts";
import { DAY, MINUTE, SECOND } from "../keys/support.ts";
import { Cluster } from "./cluster.ts";
import { configurationOf } from "./configurations.ts";
import type { Isolate } from "./isolate.ts";
import { releaseOf } from "./releases.ts";
import { virtualRuntime } from "./virtual_runtime.ts";
import { Visitors } from "./visitors.ts";

/** Something that an isolate may die in the middle of. */
export interface Scene {
  readonly name: string;
  /** What isolates run before it. Default 0; the one that acts runs the `release` it names. */
  readonly release?: number;
  /** How long after the first boot it is; undefined: it is the first boot. */
  readonly after?: (cluster: Cluster) => number;
  /** The release of the isolate that acts, if it is a new one. */
  readonly newcomer?: number;
  /** False: the issuer of the simulation has one algorithm and one key-encryption key. */
  readonly issuer?: false;
  /** True: it changes nothing that is stored. */
  readonly reads?: true;
  readonly act: (isolate: Isolate, cluster: Cluster) => Promise<unknown>;
}

const aMinute = () => MINUTE;
const maintain = (isolate: Isolate) => isolate.maintain();

/** Every operation that writes keys, and the two that only read them. */
export const SCENES: readonly Scene[] = [
  { name: "a first boot", act: (isolate) => isolate.keys() },
  {
    name: "a request for keys",
    after: aMinute,
    newcomer: 0,
    reads: true,
    act: (isolate) => isolate.keys(),
  },
  {
    name: "a request for a token",
    after: aMinute,
    newcomer: 0,
    reads: true,
    act: (isolate) => isolate.mint("RS256", MINUTE),
  },
  { name: "a scheduled rotation", after: theNextChange, act: maintain },
  {
    name: "the removal of a key",
    after: (cluster) => theNextChange(cluster) + 2 * DAY,
    act: maintain,
  },
  { name: "a rotation", after: aMinute, act: (isolate) => isolate.rotate({ emergency: false }) },
  {
    name: "a rotation in an emergency",
    after: aMinute,
    act: (isolate) => isolate.rotate({ emergency: true }),
  },
  {
    name: "the revocation of the spare",
    after: aMinute,
    act: (isolate, { oracle }) => isolate.revoke([...oracle.facts.keys.keys()].at(-1)!),
  },
  {
    name: "the introduction of an algorithm",
    release: 1,
    after: aMinute,
    newcomer: 2,
    issuer: false,
    act: (isolate) => isolate.keys(),
  },
  {
    name: "the sealing under another key",
    release: 2,
    after: aMinute,
    newcomer: 3,
    issuer: false,
    act: maintain,
  },
];

/** When the spare's turn has come, and every isolate's clock says so. */
function theNextChange({ oracle: { facts }, configuration: { policy } }: Cluster): number {
  const records = [...facts.latest.values()];
  const next = Math.min(...records.map(({ keys }) => nextTransition(keys, facts.now)));
  return next - facts.now + 2 * policy.clockSkew;
}

/** What came of {@link crashAt}. */
export interface CrashResult {
  /** Whether the isolate died in the scene; false: the scene has not that many steps. */
  readonly died: boolean;
  /** Whether the scene was told to be done. */
  readonly done: boolean;
  /** The changes of keysets since the scene began, by it and by the one that went on. */
  readonly writes: number;
}

/** Plays a scene whose isolate dies before its step of this number, and lets others go on. */
export async function crashAt(
  scene: Scene,
  { configuration, step, seed }: { configuration: string; step: number; seed: number },
): Promise<CrashResult> {
  const cluster = new Cluster({ configuration: configurationOf(configuration), seed });
  const restore = virtualRuntime(cluster.scheduler);
  try {
    const victim = await prepare(cluster, scene);
    const before = epochs(cluster);
    victim.process.stepsToLive = step;
    let done = false;
    void cluster.ask(victim, () => scene.act(victim, cluster)).then(() => done = true);
    await cluster.run(MINUTE);
    const writes = epochs(cluster) - before;
    const died = !victim.process.alive;
    victim.process.crash();
    await goOn(cluster, scene);
    return { died, done, writes };
  } finally {
    restore();
  }
}

async function prepare(cluster: Cluster, scene: Scene): Promise<Isolate> {
  const { isolates } = cluster;
  const first = cluster.start(releaseOf(scene.release ?? 0));
  if (scene.after === undefined) return first;
  isolates.push(first);
  await cluster.register();
  void cluster.ask(first, () => first.keys(), { isSure: true });
  await cluster.run(10 * SECOND);
  await cluster.run(scene.after(cluster));
  if (scene.newcomer === undefined) return first;
  return cluster.start(releaseOf(scene.newcomer));
}

/** A new isolate finds a store in order, signs, and lives through two rotations. */
async function goOn(cluster: Cluster, scene: Scene): Promise<void> {
  const { oracle, isolates } = cluster;
  isolates.length = 0;
  isolates.push(cluster.start(releaseOf(scene.newcomer ?? scene.release ?? 0)));
  if (scene.after === undefined) await cluster.register();
  const visitors = new Visitors(cluster);
  const [isolate] = isolates as [Isolate];
  for (let day = 0; day < 9; day++) {
    void cluster.ask(isolate, () => isolate.maintain(), { isSure: true });
    await cluster.run(MINUTE);
    oracle.checkAtRest(isolate.release.algorithms);
    const { tokens } = oracle;
    visitors.mint(isolate);
    visitors.serve(isolate);
    await cluster.run(DAY);
    oracle.facts.must(oracle.tokens > tokens || day < 2, "no token after the crash");
  }
}

function epochs({ oracle }: Cluster): number {
  return [...oracle.facts.latest.values()].reduce((sum, { epoch }) => sum + epoch, 0);
}

import { nextTransition } from "../../keys/lifecycle.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../keys/support.ts";
import { Administrators } from "./administrators.ts";
import { Cluster, type ClusterOptions } from "./cluster.ts";
import type { Isolate } from "./isolate.ts";
import { Deployments, releaseOf } from "./releases.ts";
import { Troubles } from "./troubles.ts";
import { Visitors } from "./visitors.ts";

/** A request token lives a year, and a seed not longer. */
const LONGEST = 300 * DAY;

/** Everything that happens to a cluster in one seed. */
export class World {
  readonly cluster: Cluster;
  readonly #visitors: Visitors;
  readonly #administrators: Administrators;
  readonly #troubles: Troubles;
  readonly #deployments = new Deployments();
  /** Which kinds of events this seed has: some bugs show only where others are absent. */
  readonly #taste: Record<"admin" | "crash" | "freeze" | "faults" | "clocks" | "sleep", boolean>;

  constructor(options: ClusterOptions) {
    this.cluster = new Cluster(options);
    this.#visitors = new Visitors(this.cluster);
    this.#administrators = new Administrators(this.cluster, this.#visitors);
    this.#troubles = new Troubles(this.cluster);
    const often = () => this.cluster.random.chance(0.6);
    this.#taste = {
      ...{ admin: often(), crash: often(), freeze: often() },
      ...{ faults: often(), clocks: often(), sleep: often() },
    };
  }

  /** Lives through a number of events, and comes to rest. Throws an InvariantError. */
  async run(events: number): Promise<void> {
    await this.#begin();
    const { cluster } = this;
    for (let event = 0; event < events && cluster.elapsed < LONGEST; event++) {
      await cluster.run(this.#gap());
      this.#happen();
    }
    await this.#end();
  }

  async #begin(): Promise<void> {
    const { cluster } = this;
    const count = cluster.random.int(1, 4);
    for (let index = 0; index < count; index++) cluster.isolates.push(this.#start());
    await cluster.register();
    // The first boot is a race of all of them.
    for (const isolate of cluster.isolates) this.#visitors.serve(isolate);
  }

  /** Everything works again, what was asked for is answered, and what is due is done. */
  async #end(): Promise<void> {
    const { cluster } = this;
    cluster.store.network.heal();
    await cluster.run(HOUR);
    for (const isolate of cluster.isolates) {
      this.#visitors.mint(isolate);
      this.#maintain(isolate);
    }
    await cluster.run(MINUTE);
    const living = this.cluster.living.filter(({ process }) =>
      process.frozenUntil < cluster.scheduler.now
    );
    cluster.oracle.checkAtRest(new Set(living.flatMap(({ release }) => release.algorithms)));
    await cluster.run(3 * HOUR);
    for (const { process } of cluster.isolates) process.crash();
    await cluster.run(DAY);
  }

  #start(): Isolate {
    const { configuration, random } = this.cluster;
    const running = this.cluster.living.map(({ release }) => release);
    const next = this.#deployments.next(running, random);
    return this.cluster.start(configuration.deployments ? next : releaseOf(0));
  }

  /** Time until the next event: together, apart, asleep, or at the brink of a change. */
  #gap(): number {
    const { random, configuration } = this.cluster;
    const kind = random.next();
    if (kind < 0.3) return random.int(0, 50);
    if (kind < 0.55) return random.int(0, 70 * SECOND);
    if (kind < 0.7) return random.int(MINUTE, 90 * MINUTE);
    if (kind < 0.76) return random.int(HOUR, 30 * HOUR);
    if (kind < 0.78 && this.#taste.sleep) return random.int(DAY, configuration.sleep);
    const brink = this.#brink();
    if (brink === Infinity || brink > configuration.sleep) return random.int(0, HOUR);
    const { clockSkew } = configuration.policy;
    return Math.max(0, brink + random.int(-clockSkew, 2 * clockSkew));
  }

  #brink(): number {
    const { facts } = this.cluster.oracle;
    const records = [...facts.latest.values()];
    return Math.min(...records.map(({ keys }) => nextTransition(keys, facts.now + MINUTE))) -
      facts.now;
  }

  #happen(): void {
    const { random, isolates } = this.cluster;
    const isolate = random.pick(isolates);
    const kind = random.next();
    if (kind < 0.02) this.#rush();
    else if (kind < 0.42) this.#visitors.mint(isolate);
    else if (kind < 0.6) this.#visitors.serve(isolate);
    else if (kind < 0.7) this.#maintain(isolate);
    else if (kind < 0.78) this.#administer(isolate);
    else if (kind < 0.84 && this.#taste.crash) this.#crash(isolate);
    else if (kind < 0.88 && this.#taste.freeze) this.#troubles.freeze(isolate);
    else if (kind < 0.92 && this.#taste.clocks) this.#troubles.stepClock(isolate);
    else if (this.#taste.faults) this.#troubles.hitStore(isolate);
    // What isolates do at the same time is where races are.
    if (random.chance(0.25)) this.#happen();
  }

  /** Changes and requests within the time that a slow call takes. */
  #rush(): void {
    const { random, isolates, scheduler } = this.cluster;
    for (let time = 0; time < 10; time++) {
      const kind = random.next();
      const isolate = random.pick(isolates);
      scheduler.at(scheduler.now + random.int(0, 3 * SECOND), () => {
        if (kind < 0.3) this.#administer(isolate);
        else if (kind < 0.4) this.#maintain(isolate);
        else if (kind < 0.7) this.#visitors.mint(isolate);
        else this.#visitors.serve(isolate);
      });
    }
  }

  #maintain(isolate: Isolate): void {
    void this.cluster.ask(isolate, () => isolate.maintain());
  }

  #administer(isolate: Isolate): void {
    if (this.#taste.admin) this.#administrators.act(isolate);
  }

  #crash(isolate: Isolate): void {
    const { process } = isolate;
    const { random, isolates, scheduler } = this.cluster;
    const index = isolates.indexOf(isolate);
    // At its next few steps, so in the middle of what it is doing, or at once.
    process.stepsToLive = random.int(0, 12);
    this.cluster.log(() => `${process.name} has ${process.stepsToLive} steps to live`);
    const act = random.next();
    if (act < 0.4) this.#maintain(isolate);
    else if (act < 0.6) this.#visitors.mint(isolate);
    else if (act < 0.8) this.#administer(isolate);
    scheduler.at(scheduler.now + random.int(0, MINUTE), () => {
      process.crash();
      if (isolates[index] === isolate) isolates[index] = this.#start();
    });
  }
}

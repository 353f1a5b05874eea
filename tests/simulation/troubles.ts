import { MINUTE, SECOND } from "../keys/support.ts";
import type { Cluster } from "./cluster.ts";
import type { Isolate } from "./isolate.ts";

/** What goes wrong around isolates, as far as the configuration lets it. */
export class Troubles {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** It stands still while time goes on. */
  freeze({ process }: Isolate): void {
    const { scheduler, random, configuration: { hardship: { freeze } } } = this.#cluster;
    if (freeze === 0) return;
    const until = random.int(0, freeze);
    process.freeze(scheduler.now + until);
    this.#cluster.log(() => `${process.name} stands still for ${until} ms`);
  }

  /** Its clock is set, within the skew that the policy allows. */
  stepClock({ process }: Isolate): void {
    const { scheduler, random, configuration } = this.#cluster;
    const { hardship, policy: { clockSkew } } = configuration;
    if (!hardship.clockSteps) return;
    const skew = random.int(-clockSkew / 2, clockSkew / 2);
    const goesBack = skew < process.skew;
    if (goesBack) process.lastStepBackAt = scheduler.now;
    scheduler.tally.count(goesBack ? "clock steps back" : "clock steps forward");
    process.skew = skew;
    this.#cluster.log(() => `${process.name} has its clock off by ${skew} ms now`);
  }

  /** Its store goes out, for it or for all, or works worse or better for all. */
  hitStore(isolate: Isolate): void {
    const { random, configuration: { hardship } } = this.#cluster;
    if (hardship.outage > 0 && random.chance(0.4)) this.#fail(isolate);
    else this.#changeOdds();
  }

  #fail({ process }: Isolate): void {
    const { scheduler, store, random, configuration: { hardship } } = this.#cluster;
    const ms = random.int(SECOND, random.pick([MINUTE, hardship.outage]));
    const whose = random.chance(0.5) ? process : undefined;
    this.#cluster.log(() => `the store fails ${whose?.name ?? "everyone"} for ${ms} ms`);
    store.network.fail(scheduler.now + ms, whose);
  }

  #changeOdds(): void {
    const { store, random, configuration } = this.#cluster;
    const { mishaps, failures, late, lag } = configuration.hardship;
    const { odds } = store.network;
    const level = () => random.pick([0, 0, 0.05, 0.3]);
    Object.assign(odds, { slow: level() / 3, late: late > 0 ? level() / 3 : 0 });
    if (mishaps) Object.assign(odds, { locked: level(), lostReply: level() });
    if (failures) odds.broken = level() / 3;
    if (lag > 0) odds.lag = random.pick([0, 0.3, 0.9]);
    this.#cluster.log(() => `the store's odds are ${JSON.stringify(odds)}`);
  }
}

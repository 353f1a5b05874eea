import { keyState } from "../../keys/lifecycle.ts";
import { DAY, MINUTE, SECOND } from "../keys/support.ts";
import type { Cluster } from "./cluster.ts";
import type { Isolate } from "./isolate.ts";
import type { Visitors } from "./visitors.ts";

/** Those who rotate and revoke keys. */
export class Administrators {
  readonly #cluster: Cluster;
  readonly #visitors: Visitors;

  constructor(cluster: Cluster, visitors: Visitors) {
    this.#cluster = cluster;
    this.#visitors = visitors;
  }

  /** Asks an isolate for any change of the keys. */
  act(isolate: Isolate): void {
    const { random, configuration } = this.#cluster;
    const kind = random.next();
    if (kind < 0.4) {
      if (!configuration.haste) return;
      this.#rotate(isolate, { emergency: false });
    } else if (kind < 0.75) this.#rotate(isolate, { emergency: true });
    else this.#revoke(isolate);
    this.#lookCloselyAfterwards();
  }

  #rotate(isolate: Isolate, { emergency }: { emergency: boolean }): void {
    void this.#cluster.ask(isolate, async () => {
      await isolate.rotate({ emergency });
      this.#cluster.scheduler.tally.count(emergency ? "rotate in an emergency" : "rotate");
    });
  }

  #revoke(isolate: Isolate): void {
    const { oracle: { facts }, scheduler } = this.#cluster;
    const kid = this.#anyKid();
    if (kid === undefined) return;
    void this.#cluster.ask(isolate, async () => {
      const state = keyState(facts.keys.get(kid)!.record, scheduler.now);
      await isolate.revoke(kid);
      scheduler.tally.count(`revoke: ${state}`);
    });
  }

  /** Any kid; where haste is off, none of a key that has not signed yet. */
  #anyKid(): string | undefined {
    const { oracle: { facts }, configuration: { haste }, random } = this.#cluster;
    const kids = [...facts.keys]
      .filter(([, { record }]) => haste || record.notBefore < facts.now - DAY)
      .map(([kid]) => kid).slice(-6);
    return kids.length === 0 ? undefined : random.pick(kids);
  }

  /** The time in which a change comes into force is where mistakes show. */
  #lookCloselyAfterwards(): void {
    const { scheduler, random, isolates } = this.#cluster;
    for (let time = 0; time < 6; time++) {
      const soon = random.pick([SECOND, 30 * SECOND, 61 * SECOND, 3 * MINUTE]);
      const at = scheduler.now + soon + random.int(0, 2 * SECOND);
      const isolate = random.pick(isolates);
      const isForToken = random.chance(0.6);
      scheduler.at(at, () => this.#visitors[isForToken ? "mint" : "serve"](isolate));
    }
  }
}

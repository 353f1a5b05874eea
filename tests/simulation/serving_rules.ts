import { type Facts, STALE } from "./facts.ts";
import type { ServedKeys } from "./isolate.ts";
import type { Process } from "./process.ts";

/** A JWKS that somebody got. All times are true times in ms. */
export interface Served {
  readonly at: number;
  /** When the isolate read what it served. */
  readonly readAt: number;
  readonly kids: ReadonlySet<string>;
  readonly by: string;
  /** Whether the isolate could not read the store, and gave what it had. */
  readonly isLastGood: boolean;
}

/** What must hold of every JWKS that an isolate serves. */
export class ServingRules {
  readonly #facts: Facts;
  readonly #epochs = new Map<string, number>();
  /** When a kid was last in an isolate's JWKS, and whether it is. */
  readonly #seen = new Map<string, Map<string, { at: number; there: boolean }>>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** An isolate served a JWKS. */
  onServed({ kids, epochs, age: told }: ServedKeys, process: Process): Served {
    const facts = this.#facts;
    const { now } = facts;
    const age = told ?? (facts.isHindered(process) ? Infinity : 0);
    facts.must(kids.length > 0, `${process.name} serves no keys`);
    this.#mustNotGoBack(epochs, process);
    const served = {
      ...{ at: now, readAt: now - age, kids: new Set(kids), by: process.name },
      isLastGood: age >= STALE && facts.isHindered(process),
    };
    this.#mustNotBringBack(served, process);
    this.#mustNotServeCompromised(served, process);
    return served;
  }

  #mustNotGoBack(epochs: ServedKeys["epochs"], process: Process): void {
    for (const [alg, epoch] of Object.entries(epochs)) {
      const name = `${process.name} ${alg}`;
      const before = this.#epochs.get(name) ?? 0;
      this.#facts.must(epoch! >= before, `${name} goes from epoch ${before} back to ${epoch}`);
      this.#epochs.set(name, epoch!);
    }
  }

  #mustNotBringBack({ kids, at }: Served, process: Process): void {
    const seen = this.#seen.get(process.name) ?? new Map();
    this.#seen.set(process.name, seen);
    for (const kid of kids) {
      const before = seen.get(kid);
      // A clock that went back a little shows again what it had just removed.
      const returned = before !== undefined && !before.there && process.lastStepBackAt < before.at;
      this.#facts.must(!returned, `${kid} comes back to the JWKS of ${process.name}`);
      seen.set(kid, { at, there: true });
    }
    for (const [kid, { at, there }] of seen) {
      if (there && !kids.has(kid)) seen.set(kid, { at, there: false });
    }
  }

  #mustNotServeCompromised({ kids, at }: Served, process: Process): void {
    const { policy: { lead }, hardship } = this.#facts.configuration;
    // Without a store a JWKS goes on for a lead; an answer may be frozen on its way out.
    const never = lead + this.#facts.clockStep + hardship.freeze;
    const allowed = Math.min(this.#facts.inForce(process), never);
    for (const kid of kids) {
      const known = this.#facts.keys.get(kid);
      if (known === undefined) this.#facts.fail(`${kid} is served and was never stored`);
      known.lastServedAt = at;
      const late = at - known.compromisedAt;
      const message = `${process.name} serves ${kid} ${late} ms after its revocation`;
      this.#facts.must(late <= allowed, message);
    }
  }
}

import type { KeysetRecord } from "../../keys/key_record.ts";
import type { Algorithm } from "../../keys/algorithm.ts";
import { Facts } from "./facts.ts";
import type { Configuration } from "./configurations.ts";
import type { ServedKeys, Token } from "./isolate.ts";
import { KeysetRules } from "./keyset_rules.ts";
import { OwnWrites } from "./own_writes.ts";
import type { Process } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";
import { ServingRules } from "./serving_rules.ts";
import { TrustRules, type Verdict } from "./trust_rules.ts";

/** Sees everything that is stored, served and signed, with the true time, and knows what must hold. */
export class Oracle {
  readonly facts: Facts;
  tokens = 0;
  readonly #keysets: KeysetRules;
  readonly #ownWrites: OwnWrites;
  readonly #serving: ServingRules;
  readonly #trust: TrustRules;

  constructor(configuration: Configuration, scheduler: Scheduler) {
    this.facts = new Facts(configuration, scheduler);
    this.#keysets = new KeysetRules(this.facts);
    this.#ownWrites = new OwnWrites(this.facts);
    this.#serving = new ServingRules(this.facts);
    this.#trust = new TrustRules(this.facts);
  }

  onKeyset(record: KeysetRecord, process: Process): void {
    this.#keysets.onKeyset(record, process);
  }

  onLostReply(record: KeysetRecord, process: Process): void {
    this.#ownWrites.onLostReply(record, process);
  }

  onReported(change: Pick<KeysetRecord, "alg" | "epoch">, process: Process): void {
    this.#ownWrites.onReported(change, process);
  }

  onServed(keys: ServedKeys, process: Process): void {
    this.#trust.onServed(this.#serving.onServed(keys, process));
  }

  onMinted(token: Token, process: Process): void {
    this.tokens++;
    this.#trust.onMinted(token, process);
  }

  onVerdict(verdict: Verdict): void {
    this.#trust.onVerdict(verdict);
  }

  /** What holds at any time, on every clock. */
  check(processes: readonly Process[]): void {
    this.#keysets.check(processes);
    this.#ownWrites.check();
  }

  /** What holds when isolates have just done all that is due for these algorithms. */
  checkAtRest(algorithms: Iterable<Algorithm>): void {
    for (const alg of algorithms) {
      const record = this.facts.latest.get(alg);
      if (record === undefined) this.facts.fail(`${alg} has no keyset`);
      this.#keysets.checkAtRest(record);
    }
  }
}

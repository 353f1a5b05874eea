import type { Algorithm } from "../../keys/algorithm.ts";
import type { KeysetRecord } from "../../keys/key_record.ts";
import { MINUTE } from "../keys/support.ts";
import type { Facts } from "./facts.ts";
import type { Process } from "./process.ts";

interface Write {
  readonly alg: Algorithm;
  readonly epoch: number;
  readonly process: Process;
  readonly at: number;
}

/** Whether isolates find out that a write was their own although its reply was lost. */
export class OwnWrites {
  readonly #facts: Facts;
  #unheard: Write[] = [];

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** A process is told that its commit failed, though it was applied. */
  onLostReply({ alg, epoch }: KeysetRecord, process: Process): void {
    this.#unheard.push({ alg, epoch, process, at: this.#facts.now });
  }

  /** A process says that a write was its own. */
  onReported({ alg, epoch }: Pick<KeysetRecord, "alg" | "epoch">, process: Process): void {
    this.#unheard = this.#unheard.filter((write) =>
      write.process !== process || write.alg !== alg || write.epoch !== epoch
    );
  }

  /** Throws if one should have found out by now. */
  check(): void {
    const { now, latest } = this.#facts;
    // Another fault at that very moment may hit the read that would have told.
    this.#unheard = this.#unheard.filter(({ alg, epoch, process, at }) =>
      process.alive && process.lastFaultAt < at && latest.get(alg)!.epoch === epoch
    );
    for (const { epoch, process, at } of this.#unheard) {
      const message = `${process.name} takes its own write of epoch ${epoch} for another's`;
      this.#facts.must(now < at + MINUTE, message);
    }
  }
}

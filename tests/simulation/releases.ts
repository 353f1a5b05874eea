import { KEK_A, KEK_B } from "../keys/support.ts";
import type { Release } from "./isolate.ts";
import type { Random } from "./random.ts";

/** Each is a step that isolates of the one before can live with. */
const RELEASES: readonly Release[] = [
  { number: 0, algorithms: ["RS256"], keyEncryptionKeys: [KEK_A] },
  { number: 1, algorithms: ["RS256"], keyEncryptionKeys: [KEK_A, KEK_B] },
  { number: 2, algorithms: ["RS256", "ES256"], keyEncryptionKeys: [KEK_A, KEK_B] },
  { number: 3, algorithms: ["ES256", "RS256"], keyEncryptionKeys: [KEK_B, KEK_A] },
];

/** A release by its number. */
export function releaseOf(number: number): Release {
  return RELEASES[Math.min(number, RELEASES.length - 1)]!;
}

/** Rolling deployments: two neighboring releases run at a time at most. */
export class Deployments {
  #oldest = 0;

  /** What a new isolate runs beside these. */
  next(running: readonly Release[], random: Random): Release {
    // Where all are dead, the last oldest one counts: a release is not taken back.
    if (running.length > 0) this.#oldest = Math.min(...running.map(({ number }) => number));
    return releaseOf(this.#oldest + random.int(0, 1));
  }
}

import type { Algorithm } from "./algorithm.ts";
import type { KeysetRecord } from "./key_record.ts";
import type { Keysets } from "./keysets.ts";
import { buildJwks, type PublicJwk } from "./jwks.ts";
import { type KeyState, keyState, nextTransition } from "./lifecycle.ts";
import { planRotation } from "./plan_rotation.ts";
import type { KeyPolicy } from "./key_policy.ts";

/** A key as administrators see it. Times are ms since the epoch. */
export interface KeyStatus {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  /** What it signs with. */
  readonly alg: Algorithm;
  /** Where it is in its life. */
  readonly state: KeyState;
  /** When it entered the JWKS. */
  readonly publishedAt: number;
  /** From when on it signs. */
  readonly notBefore: number;
  /** When its successor takes over; null while no successor is planned. */
  readonly retireAt: number | null;
  /** When it leaves the JWKS, or left it; null while no successor is planned. */
  readonly removeAt: number | null;
  /** When it was found out to be compromised, or null. */
  readonly compromisedAt: number | null;
  /** Whether it was the first key of a first boot, which had no lead. */
  readonly bootstrap: boolean;
  /** Whether it replaced a compromised key at once. */
  readonly emergency: boolean;
  /** Which key-encryption key seals the private half; null once that is destroyed. */
  readonly sealedWith: string | null;
}

/** What the keys look like now. */
export interface KeyringView {
  /** The members of the JWKS, frozen; the same array as long as nothing changes. */
  readonly jwks: readonly PublicJwk[];
  /** Every stored key, tombstones included. */
  readonly keys: readonly KeyStatus[];
  /** The epoch of each keyset; it only grows. */
  readonly epochs: Readonly<Partial<Record<Algorithm, number>>>;
  /** When this was read from the store, in ms since the epoch. */
  readonly loadedAt: number;
  /** When something is due next by time alone, in ms since the epoch; Infinity if nothing is. */
  readonly nextAt: number;
  /** Why the latest read failed, while an older copy is used. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** The parts of a {@link KeyringView} that change with the records and at `validUntil` only. */
export interface KeysetsView extends Pick<KeyringView, "jwks" | "keys" | "epochs" | "nextAt"> {
  readonly validFrom: number;
  readonly validUntil: number;
}

/** Describes keysets at a time; `order` is the order of algorithms. */
export function describeKeysets(
  keysets: Keysets,
  { order, now, policy, x5c }: {
    order: readonly Algorithm[];
    now: number;
    policy: KeyPolicy;
    x5c: boolean;
  },
): KeysetsView {
  const rank = (alg: Algorithm) => (order.indexOf(alg) + order.length + 1) % (order.length + 1);
  const records = [...keysets.values()].sort((a, b) => rank(a.alg) - rank(b.alg));
  return {
    jwks: buildJwks(records, { now, x5c }),
    keys: Object.freeze(records.flatMap((record) => describeKeys(record, now))),
    epochs: Object.freeze(Object.fromEntries(records.map(({ alg, epoch }) => [alg, epoch]))),
    nextAt: Math.min(...records.map((record) => planRotation(record, { now, policy }).nextAt)),
    validFrom: now,
    validUntil: Math.min(...records.map(({ keys }) => nextTransition(keys, now))),
  };
}

function describeKeys({ alg, keys }: KeysetRecord, now: number): KeyStatus[] {
  return keys.map((key) =>
    Object.freeze({
      kid: key.kid,
      alg,
      state: keyState(key, now),
      publishedAt: key.publishedAt,
      notBefore: key.notBefore,
      retireAt: key.retireAt,
      // What stays of a compromised key is a tombstone, which the JWKS does not show.
      removeAt: key.compromisedAt ?? key.removeAt,
      compromisedAt: key.compromisedAt,
      bootstrap: key.bootstrap === true,
      emergency: key.emergency === true,
      sealedWith: key.sealed?.kekId ?? null,
    })
  );
}

/** What a failure says, for those who watch. */
export function describeProblem(failure: unknown): { code: string; message: string } {
  const { code, message } = failure as { code?: unknown; message?: unknown };
  return {
    code: typeof code === "string" ? code : "unknown",
    message: typeof message === "string" ? message : String(failure),
  };
}

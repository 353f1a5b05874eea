import type { KeyringEvent } from "../keys/keyring_options.ts";
import { reasonOf } from "./respond.ts";
import type { TokenEvent } from "./token_event.ts";

/** What an issuer tells its operator; one per token request, admin change and change of the keys. */
export type IssuerEvent = TokenEvent | AdminEvent | KeyEvent;

/** One request to change something over the admin API, or one that was not let in. */
export interface AdminEvent {
  /** Tells it from other events. */
  readonly type: "admin";
  /** ISO 8601. */
  readonly at: string;
  /** Whether it was carried out. */
  readonly decision: "done" | "refused";
  /** Whose admin API it was. */
  readonly issuer: string;
  /** Address of the caller, as far as the server tells; "unknown" where it does not. */
  readonly source: string;
  /** Who: `admin-token`, or issuer and subject of a platform token; absent where nobody was proven. */
  readonly actor?: string;
  /** What: method and route, like `DELETE keys/*`. */
  readonly action: string;
  /** To what: the values of `*`, where they are names that can be logged. */
  readonly target?: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

/** Something that happened to the keys. */
export interface KeyEvent {
  /** Tells it from other events. */
  readonly type: "keys";
  /** ISO 8601. */
  readonly at: string;
  /** Whose keys. */
  readonly issuer: string;
  /** What, see {@linkcode KeyringEvent}: for example `rotated`, or `load_failed`. */
  readonly change: KeyringEvent["type"];
  /** Whose family, where it is about one. */
  readonly alg?: string;
  /** The keyset's epoch after it. */
  readonly epoch?: number;
  /** The key that it is about, where it is about one. */
  readonly kid?: string;
  /** Code of what went wrong. */
  readonly error?: string;
}

/** Makes the event of a change of the keys. */
export function keyEvent(
  event: KeyringEvent,
  { issuer, at }: { issuer: string; at: number },
): KeyEvent {
  const base = {
    type: "keys",
    at: new Date(at).toISOString(),
    issuer,
    change: event.type,
  } as const;
  if ("error" in event) {
    const kid = event.type === "unseal_failed" ? event.kid : undefined;
    return { ...base, kid, error: reasonOf(event.error) };
  }
  return { ...base, alg: event.alg, epoch: event.epoch, kid: event.kid };
}

/** A listener that cannot break what it listens to. */
export function safeListener(
  listener: ((event: IssuerEvent) => void) | undefined,
): (event: IssuerEvent) => void {
  return (event) => {
    try {
      listener?.(event);
    } catch {
      // The decision is made; an answer must not depend on who hears of it.
    }
  };
}

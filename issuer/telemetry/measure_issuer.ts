import type { KeyringView } from "../../keys/keyring_view.ts";
import type { Eventual } from "../eventual.ts";
import type { IssuerEvent } from "../issuer_event.ts";
import type { Meter, ObservableResult } from "./meter.ts";

/** Keys of one issuer, for gauges. */
export interface WatchedKeys {
  readonly issuer: string;
  readonly view: () => Eventual<KeyringView>;
}

/** Where measurements of all issuers of a deployment go. */
export interface Measurements {
  /** Counts what an event tells. */
  onEvent(event: IssuerEvent): void;
  /** Notes how long a signature took, its wait in the queue included; ms. */
  signed(duration: number): void;
  /** Notes how long a KV call took and whether it failed; ms. */
  kvCalled(duration: number, call: { operation: string; failed: boolean }): void;
  /** Has the gauges show the keys of an issuer. */
  watchKeys(keys: WatchedKeys): void;
}

/** Seconds: from a signature on an idle machine to a KV call at its deadline. */
const boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Makes the instruments; docs/operations.md lists them with the alerts to set on each. */
export function measureIssuer(meter: Meter, { now }: { now: () => number }): Measurements {
  const issued = meter.createCounter("signet.tokens.issued", { unit: "{token}" });
  const refused = meter.createCounter("signet.tokens.refused", { unit: "{request}" });
  const admin = meter.createCounter("signet.admin.requests", { unit: "{request}" });
  const keys = meter.createCounter("signet.keys.events", { unit: "{event}" });
  const duration = { unit: "s", advice: { explicitBucketBoundaries: boundaries } };
  const signing = meter.createHistogram("signet.signing.duration", duration);
  const kv = meter.createHistogram("signet.kv.duration", duration);
  const watched: WatchedKeys[] = [];
  const gauge = (name: string, observe: Observe) =>
    meter.createObservableGauge(name, { unit: "s" }).addCallback((result) => {
      for (const { issuer, view } of watched) {
        const current = view();
        // While the copy is renewed there is nothing to show; whoever looks next sees it.
        if (current instanceof Promise) current.catch(() => {});
        else observe(result, { issuer, view: current, now: now() });
      }
    });
  gauge("signet.key.age", (result, { issuer, view, now }) => {
    for (const { kid, alg, state, publishedAt } of view.keys) {
      if (state === "compromised" || state === "removed") continue;
      result.observe((now - publishedAt) / 1000, { issuer, alg, kid, state });
    }
  });
  gauge("signet.key.next_rotation", (result, { issuer, view, now }) => {
    for (const { alg, state, retireAt } of view.keys) {
      if (state !== "active" || retireAt === null) continue;
      result.observe((retireAt - now) / 1000, { issuer, alg });
    }
  });
  gauge("signet.keys.view_age", (result, { issuer, view, now }) => {
    result.observe((now - view.loadedAt) / 1000, { issuer });
  });

  return {
    onEvent(event) {
      const { issuer } = event;
      if (event.type === "admin") {
        return admin.add(1, { issuer, action: event.action, decision: event.decision });
      }
      if (event.type === "keys") return keys.add(1, { issuer, change: event.change });
      const { decision, method = "none", error = "none", reason = "" } = event;
      if (decision === "issued") return issued.add(1, { issuer, method });
      refused.add(1, { issuer, method, error, reason: word(reason) });
    },
    signed: (ms) => signing.record(ms / 1000),
    kvCalled: (ms, { operation, failed }) =>
      kv.record(ms / 1000, { operation, outcome: failed ? "failed" : "ok" }),
    watchKeys: (keys) => void watched.push(keys),
  };
}

type Observe = (
  result: ObservableResult,
  keys: { issuer: string; view: KeyringView; now: number },
) => void;

/** Reasons that are words of ours; a sentence may hold a caller's figures, and each would be a series. */
function word(reason: string): string {
  return /^[a-z_ ]{1,40}$/.test(reason) ? reason : "other";
}

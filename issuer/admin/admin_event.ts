import type { AdminEvent } from "../issuer_event.ts";

/** What became known of an admin request. */
export interface AdminAttempt {
  readonly method: string;
  readonly source: string;
  actor?: string;
  /** The route it met. */
  route?: string;
  /** Values of `*` in the route. */
  values?: readonly string[];
}

/** Whether there is something to tell: changes, tried changes, and whoever was not let in. */
export function isEventful({ method, actor }: AdminAttempt): boolean {
  return actor === undefined || method !== "GET";
}

/** Makes the event; what the caller wrote itself is told only where it can hold no secret. */
export function adminEvent(
  { method, source, actor, route, values }: AdminAttempt,
  { issuer, at, status }: { issuer: string; at: number; status: number },
): AdminEvent {
  const known = ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
  const isNamed = values?.length && values.every((value) => /^[\w-]{1,63}$/.test(value));
  return {
    type: "admin",
    at: new Date(at).toISOString(),
    decision: status < 400 ? "done" : "refused",
    issuer,
    source,
    actor,
    action: `${known.includes(method) ? method : "other"} ${route ?? "unknown"}`,
    target: isNamed ? values!.join("/") : undefined,
    status,
  };
}

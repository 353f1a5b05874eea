import type { StoredAuditEvent } from "./audit_event.ts";

/** Which events are wanted; what is left out admits all. */
export interface AuditFilter {
  /** Patterns: a `*` at the start or the end stands for any text, elsewhere for itself. */
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  /** The earliest time, milliseconds since the epoch. */
  readonly since?: number;
  /** The time to stop before. */
  readonly until?: number;
}

/** Whether an event is wanted; its time is the key range's to judge. */
export function meetsFilter(event: StoredAuditEvent, filter: AuditFilter): boolean {
  return (["actor", "action", "target"] as const).every((name) => {
    const pattern = filter[name];
    return pattern === undefined || fits(pattern, event[name]);
  });
}

function fits(pattern: string, text: string): boolean {
  const opens = pattern.startsWith("*"), ends = pattern.endsWith("*");
  const words = pattern.slice(opens ? 1 : 0, ends && pattern.length > 1 ? -1 : undefined);
  if (opens && ends) return text.includes(words);
  if (opens) return text.endsWith(words);
  return ends ? text.startsWith(words) : text === words;
}

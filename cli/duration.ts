import { InvalidArgumentError } from "commander";

const UNITS: Record<string, number> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};
const STEPS: readonly (readonly [number, string])[] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** Reads `300`, `15m`, `1h`, `90d` as seconds. @throws {InvalidArgumentError} otherwise. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,9})([smhdwy]?)$/.exec(text);
  const seconds = match ? Number(match[1]) * (UNITS[match[2]!] ?? 1) : 0;
  if (seconds === 0) throw new InvalidArgumentError("Write it like 300, 15m, 1h or 90d.");
  return seconds;
}

/** Writes seconds as people say them: `5 min`, `23 h`, `90 d`; the largest unit, and the next below two. */
export function formatDuration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  const index = STEPS.findIndex(([size]) => rounded >= size);
  if (index === -1) return "0 s";
  const [size, unit] = STEPS[index]!;
  const count = Math.floor(rounded / size);
  const below = STEPS[index + 1];
  const rest = below ? Math.floor((rounded % size) / below[0]) : 0;
  return count < 3 && below && rest > 0
    ? `${count} ${unit} ${rest} ${below[1]}`
    : `${Math.round(rounded / size)} ${unit}`;
}

/** Writes a moment against now: `in 5 min`, `2 d ago`; `-` for none. */
export function formatWhen(iso: string | null | undefined, now: number): string {
  if (!iso) return "-";
  const seconds = (Date.parse(iso) - now) / 1000;
  if (Math.abs(seconds) < 1) return "now";
  return seconds > 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(-seconds)} ago`;
}

/** Writes a moment for a table: `2026-11-22 19:17` in UTC; `-` for none. */
export function formatMoment(iso: string | null | undefined): string {
  return iso ? new Date(iso).toISOString().slice(0, 16).replace("T", " ") : "-";
}

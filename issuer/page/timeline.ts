import type { KeyStatus } from "../../keys/keyring_view.ts";
import { type Content, type Markup, markup } from "./markup.ts";

/** What is drawn. Times in ms. */
export interface TimelineOptions {
  readonly keys: readonly KeyStatus[];
  readonly now: number;
}

interface Phase {
  readonly name: "published" | "active" | "retired" | "compromised";
  readonly from: number;
  readonly to: number;
}

const HOUR = 3_600_000;
const steps = [1, 2, 6, 12, 24, 48, 96, 168, 336, 720, 2160].map((hours) => hours * HOUR);
const rowHeight = 46;
const top = 24;

/** The life of every key that verifies or will sign, on one time axis; empty without any. */
export function timeline({ keys, now }: TimelineOptions): Markup {
  const drawn = keys.filter(({ state }) => state !== "removed" && state !== "compromised");
  if (drawn.length === 0) return markup``;
  const range = rangeOf(drawn, now);
  const height = top + drawn.length * rowHeight + 26;
  const place = (time: number) =>
    `${
      (Math.min(1, Math.max(0, (time - range.from) / (range.to - range.from))) * 100).toFixed(2)
    }%`;
  const bottom = height - 22;
  // Positions are percentages, so that text keeps its size on a phone.
  return markup`
    <svg class="timeline" width="100%" height="${height}" role="img"
      aria-labelledby="timeline-title timeline-text">
    <title id="timeline-title">Timeline of the keys</title>
    <desc id="timeline-text">${describe(drawn)}</desc>
    <defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>
    ${
    ticks(range).map((time) =>
      markup`
        <line class="grid" x1="${place(time)}" x2="${place(time)}" y1="${top - 6}" y2="${bottom}" />
        <text x="${place(time)}" y="${height - 6}" text-anchor="middle">${
        tickLabel(
          time,
          range,
        )
      }</text>
      `
    )
  }
    ${drawn.map((key, row) => drawBars(key, { y: top + row * rowHeight, place, end: range.to }))}
    ${drawn.map((_, row) => drawNow(place(now), top + row * rowHeight))}
    <text class="now-label" x="${place(now)}" y="${top - 12}" text-anchor="${
    nowAnchor(
      now,
      range,
    )
  }">now</text>
    ${drawn.map((key, row) => drawName(key, top + row * rowHeight))}
    </svg>
    ${legend()}
  `;
}

function drawBars(
  key: KeyStatus,
  { y, place, end }: { y: number; place: (time: number) => string; end: number },
): Content {
  const share = (from: number, to: number) =>
    `${(parseFloat(place(to)) - parseFloat(place(from))).toFixed(2)}%`;
  return phases(key, end).map(({ name, from, to }) =>
    markup`<svg x="${place(from)}" y="${y + 19}" width="${share(from, to)}" height="16">
<rect class="${name}" x="1" y="1" width="100%" height="14" rx="3"/></svg>`
  );
}

/** The present beside a key's bars only, so that it never runs through a name. */
function drawNow(x: string, y: number): Markup {
  return markup`<line class="now" x1="${x}" x2="${x}" y1="${y + 17}" y2="${y + 38}"/>`;
}

function drawName({ alg, kid, state }: KeyStatus, y: number): Markup {
  return markup`<text class="name" x="0" y="${y + 13}">${alg} ${kid.slice(0, 8)}… ${state}</text>`;
}

/** The parts of a key's life; without a successor it signs on to the end of the picture. */
function phases(key: KeyStatus, end: number): readonly Phase[] {
  const signsUntil = key.retireAt ?? end;
  const all: Phase[] = [
    { name: "published", from: key.publishedAt, to: key.notBefore },
    { name: "active", from: key.notBefore, to: signsUntil },
    { name: "retired", from: signsUntil, to: key.removeAt ?? signsUntil },
  ];
  return all.filter(({ from, to }) => to > from);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** From the first key's publication to the last planned change, with room for what comes after. */
function rangeOf(keys: readonly KeyStatus[], now: number): Range {
  const from = Math.min(now, ...keys.map(({ publishedAt }) => publishedAt));
  const to = Math.max(
    now,
    ...keys.flatMap(({ notBefore, retireAt, removeAt }) => [
      notBefore,
      retireAt ?? 0,
      removeAt ?? 0,
    ]),
  );
  const room = Math.max(to - from, HOUR) * 0.12;
  return { from: from - room / 3, to: to + room };
}

/** At most five round times inside the range, clear of its edges. */
function ticks({ from, to }: Range): readonly number[] {
  const step = steps.find((size) => (to - from) / size <= 4.5) ?? (to - from) / 4;
  const edge = (to - from) * 0.05;
  const times: number[] = [];
  for (let time = Math.ceil((from + edge) / step) * step; time < to - edge; time += step) {
    times.push(time);
  }
  return times;
}

function tickLabel(time: number, { from, to }: Range): string {
  const date = new Date(time);
  const options = to - from < 48 * HOUR
    ? { hour: "2-digit", minute: "2-digit", hour12: false } as const
    : { day: "numeric", month: "short" } as const;
  return date.toLocaleString("en-GB", { ...options, timeZone: "UTC" });
}

function nowAnchor(now: number, { from, to }: Range): string {
  const share = (now - from) / (to - from);
  return share < 0.05 ? "start" : share > 0.95 ? "end" : "middle";
}

function describe(keys: readonly KeyStatus[]): string {
  const lives = keys.map(({ alg, kid, state }) => `${alg} ${kid.slice(0, 8)} is ${state}`);
  return `${lives.join(", ")}. The table below has every time.`;
}

function legend(): Markup {
  const meanings = [
    ["published", "Published: in the JWKS, does not sign yet"],
    ["active", "Active: signs"],
    ["retired", "Retired: verifies what it signed"],
  ] as const;
  return markup`<ul class="legend">${
    meanings.map(([name, text]) =>
      markup`<li><svg aria-hidden="true"><rect class="${name}" x="1" y="1" width="25" height="10" rx="3"/></svg>${text}</li>`
    )
  }</ul>`;
}

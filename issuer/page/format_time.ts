import { type Markup, markup } from "./markup.ts";

const units = [["d", 86_400_000], ["h", 3_600_000], ["min", 60_000]] as const;

/** A time to the minute, readable and exact. */
export function showTime(time: number): Markup {
  return markup`<span class="nowrap">${showMinute(time)} UTC</span>`;
}

/** The same where UTC is said elsewhere. */
export function showMinute(time: number): Markup {
  const iso = new Date(time).toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")}</time>`;
}

/** How far off a time is: `in 6 d 23 h`, `5 min ago`. */
export function fromNow(time: number, now: number): string {
  const span = showSpan(Math.abs(time - now));
  if (span === "") return "now";
  return time > now ? `in ${span}` : `${span} ago`;
}

/** The two greatest units of a length of time; empty below a minute. */
export function showSpan(length: number): string {
  const parts: string[] = [];
  let rest = length;
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ");
}

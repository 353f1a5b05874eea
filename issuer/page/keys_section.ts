import type { KeyringView, KeyStatus } from "../../keys/keyring_view.ts";
import { fromNow, showMinute, showTime } from "./format_time.ts";
import { type Markup, markup } from "./markup.ts";
import { timeline } from "./timeline.ts";

/** The keys as a picture and as a table, which is also the picture's text. */
export function keysSection(
  { view, now }: { view: KeyringView | undefined; now: number },
): Markup {
  const keys = view?.keys ?? [];
  const next = nextRotation(keys, now);
  return markup`<section aria-labelledby="keys">
<h2 id="keys">Keys</h2>
<p>${
    next
      ? markup`<strong>Next rotation ${fromNow(next.notBefore, now)}</strong>, ${
        showTime(next.notBefore)
      }: ${next.alg} <code>${
        next.kid.slice(0, 8)
      }…</code> starts to sign. Every key is published before it signs and stays published for as long as its tokens live.`
      : view
      ? "No rotation is planned yet."
      : "The keys cannot be read right now."
  }</p>
${timeline({ keys, now })}
${keys.length > 0 && table(keys)}
<p class="note">As of ${showTime(now)}.</p>
</section>`;
}

function nextRotation(keys: readonly KeyStatus[], now: number): KeyStatus | undefined {
  return keys.filter(({ state, notBefore }) => state === "published" && notBefore > now)
    .sort((a, b) => a.notBefore - b.notBefore)[0];
}

const colors: Readonly<Record<KeyStatus["state"], string>> = {
  active: "good",
  published: "planned",
  retired: "quiet",
  removed: "quiet",
  compromised: "bad",
};

function table(keys: readonly KeyStatus[]): Markup {
  return markup`
    <table class="stack">
      <caption>Every key with its times, in UTC</caption>
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">State</th>
          <th scope="col">Published</th>
          <th scope="col">Signs from</th>
          <th scope="col">Signs until</th>
          <th scope="col">Removed</th>
        </tr>
      </thead>
      <tbody>${
    keys.map((key) =>
      markup`
          <tr>
            <th scope="row">${key.alg} <code class="kid">${key.kid}</code></th>
            <td><span class="badge ${colors[key.state]}">${key.state}</span></td>
            <td data-label="Published">${showMinute(key.publishedAt)}</td>
            <td data-label="Signs from">${showMinute(signsFrom(key))}</td>
            <td data-label="Signs until">${planned(key.retireAt)}</td>
            <td data-label="Removed">${planned(key.removeAt)}</td>
          </tr>
        `
    )
  }</tbody>
    </table>
  `;
}

/** A replacement's time is dated back for clocks that are behind; people wonder how it signed unseen. */
function signsFrom({ publishedAt, notBefore }: KeyStatus): number {
  return Math.max(publishedAt, notBefore);
}

function planned(time: number | null): Markup {
  return time === null ? markup`<span class="note">not planned</span>` : showMinute(time);
}

import { escape } from "@std/html/entities";
import type { KeyringView } from "../../keys/keyring_view.ts";

/** What the status page tells. */
export interface StatusPage {
  readonly issuer: string;
  /** Undefined while the keys cannot be read. */
  readonly view: KeyringView | undefined;
  readonly now: number;
}

/** The page for people at `I/`: who this issuer is, its keys, and where machines look. */
export function statusPage({ issuer, view, now }: StatusPage): string {
  const health = view ? "can sign" : "cannot read its keys right now";
  const rows = (view?.keys ?? []).map((key) =>
    `<tr><td><code>${escape(key.kid)}</code></td><td>${key.alg}</td><td>${key.state}</td>` +
    `<td>${when(key.notBefore)}</td><td>${when(key.retireAt)}</td></tr>`
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Issuer ${escape(issuer)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Token issuer</h1>
<p><code>${escape(issuer)}</code> ${health}. It gives programs short-lived identity tokens
(OpenID Connect), so that they need no stored secret.</p>
<ul>
<li><a href="${escape(issuer)}/.well-known/openid-configuration">Discovery document</a></li>
<li><a href="${escape(issuer)}/.well-known/jwks.json">Public keys (JWKS)</a></li>
<li><a href="${escape(issuer)}/healthz">Health</a></li>
</ul>
<h2>Keys</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Key</th><th scope="col">Algorithm</th><th scope="col">State</th>
<th scope="col">Signs from</th><th scope="col">Signs until</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
<p class="note">As of ${when(now)}.</p>
</main>
</body>
</html>
`;
}

function when(time: number | null): string {
  if (time === null) return "not planned yet";
  const iso = new Date(time).toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 16).replace("T", " ")} UTC</time>`;
}

const style = `
:root{color-scheme:light dark;--line:#8885}
body{margin:0;font:1rem/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.6rem;margin:0 0 .5rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
code{font-size:.9em;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .6rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td:nth-child(n+3){white-space:nowrap}
.note{opacity:.7}
`;

/** Value for `Content-Security-Policy`: this page's own style and nothing else. */
export async function statusPagePolicy(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

import { type Content, type Markup, markup, trusted } from "./markup.ts";
import { icon } from "./assets/icon.ts";
import { style } from "./style.ts";

/** A script of the issuer, loaded by address and hash. */
export interface ScriptTag {
  /** Path below the issuer's own, such as `/assets/page.js`. */
  readonly path: string;
  /** Base64 SHA-256 of its text. */
  readonly hash: string;
}

/** What every page has. */
export interface Layout {
  readonly issuer: string;
  readonly title: string;
  readonly current: "status" | "trust" | "console";
  /** Whether the console exists. */
  readonly hasConsole: boolean;
  readonly script?: ScriptTag;
  readonly body: Content;
}

/** The path of the issuer URL: links stay on whatever host the page was opened at. */
export function basePath(issuer: string): string {
  return new URL(issuer).pathname.replace(/\/$/, "");
}

/** The issuer without its scheme, as a name for people. */
export function issuerName(issuer: string): string {
  return issuer.replace(/^https?:\/\//, "");
}

/** A whole page. */
export function layout({ issuer, title, current, hasConsole, script, body }: Layout): string {
  const base = basePath(issuer);
  const links = [
    ["status", `${base}/`, "Status"],
    ["trust", `${base}/trust`, "Trust this issuer"],
    ...(hasConsole ? [["console", `${base}/console`, "Console"]] : []),
  ] as const;
  return `<!doctype html>\n${markup`
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>${title}</title>
        <link rel="icon" type="image/svg+xml" href="${base}/assets/icon.svg">
        <style>${trusted(style)}</style>
        ${script && scriptTag(base, script)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <div class="bar">
            <a class="brand" href="${base}/">${trusted(icon)}Signet</a>
            <nav aria-label="Pages">
              <ul>${
    links.map(([name, path, text]) =>
      markup`<li><a href="${path}"${
        name === current && trusted(' aria-current="page"')
      }>${text}</a></li>`
    )
  }</ul>
            </nav>
          </div>
        </header>
        <main id="main" tabindex="-1">
    ${body}
        </main>
        <footer>
          <p>Signet gives programs short-lived identity tokens (OpenID Connect), so that they need no stored secret.</p>
        </footer>
      </body>
    </html>
  `}`;
}

function scriptTag(base: string, { path, hash }: ScriptTag): Markup {
  return markup`<script type="module" src="${base}${path}" integrity="sha256-${hash}"></script>`;
}

import type { Algorithm } from "../../keys/algorithm.ts";
import type { Keyring } from "../../keys/keyring.ts";
import { checkHealth } from "../health.ts";
import { preparedDocument, type PublicDocument, respondWithDocument } from "../public_document.ts";
import { consoleScript } from "./assets/console_script.ts";
import { icon } from "./assets/icon.ts";
import { pageScript } from "./assets/page_script.ts";
import { consolePage } from "./console_page.ts";
import { pagePolicy } from "./policy.ts";
import { sha256 } from "./sha256.ts";
import { statusPage } from "./status_page.ts";
import { style } from "./style.ts";

/** What the pages are made of. */
export interface PageOptions {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  readonly keyring: Keyring;
  readonly now: () => number;
  /** Whether anybody can be an administrator; without one there is no console. */
  readonly hasConsole: boolean;
}

/** Answers of the pages for people and of what they load. */
export interface Pages {
  readonly status: () => Promise<Response>;
  readonly trust: (request: Request) => Promise<Response>;
  readonly console: () => Response;
  readonly pageScript: (request: Request) => Response;
  readonly consoleScript: (request: Request) => Response;
  readonly icon: (request: Request) => Response;
}

/** Makes the pages of one issuer; loaded at the first visit, so that tokens and start-up never wait for it. */
export function createPages(options: PageOptions): Pages {
  const { issuer, algorithms, keyring, now, hasConsole } = options;
  const shared = { issuer, hasConsole };
  const [pageText, consoleText] = [pageScript(), consoleScript()];
  const page = asset(pageText, "text/javascript; charset=utf-8");
  const console = asset(consoleText, "text/javascript; charset=utf-8");
  const mark = asset(icon, "image/svg+xml");
  const styleHash = sha256(style);
  const pageTag = { path: "/assets/page.js", hash: sha256(pageText) };
  const consoleTag = { path: "/assets/console.js", hash: sha256(consoleText) };

  async function status(): Promise<Response> {
    const health = await checkHealth(keyring, algorithms);
    const problem = health.ok ? undefined : (await health.json()).reason;
    const view = await Promise.resolve(keyring.view()).catch(() => undefined);
    const text = statusPage({
      ...{ ...shared, algorithms, view, problem, now: now(), script: pageTag },
    });
    return answer(text, pagePolicy({ style: styleHash, script: pageTag.hash }));
  }

  async function trust(request: Request): Promise<Response> {
    const { trustPage } = await import("./trust/trust_page.ts");
    const query = new URL(request.url).searchParams;
    const policy = pagePolicy({ style: styleHash, script: pageTag.hash, forms: true });
    return answer(trustPage({ ...shared, query, script: pageTag }), policy);
  }

  return {
    status,
    trust,
    console: () =>
      answer(
        consolePage({ ...shared, script: consoleTag }),
        pagePolicy({ style: styleHash, script: consoleTag.hash }),
      ),
    pageScript: (request) => respondWithDocument(request, page),
    consoleScript: (request) => respondWithDocument(request, console),
    icon: (request) => respondWithDocument(request, mark),
  };
}

function answer(text: string, policy: string): Response {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": policy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy":
      "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=()",
  };
  return new Response(text, { headers });
}

/** Revalidated at every visit, since the page names the hash of what it needs. */
function asset(body: string, contentType: string): PublicDocument {
  const headers = {
    "content-type": contentType,
    "cache-control": "no-cache",
    etag: `"${sha256(body)}"`,
    "cross-origin-resource-policy": "same-origin",
  };
  return preparedDocument(body, { headers });
}

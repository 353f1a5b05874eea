import type { Algorithm } from "../../keys/algorithm.ts";
import type { KeyringView } from "../../keys/keyring_view.ts";
import { type Markup, markup } from "./markup.ts";
import { inspectorSection } from "./inspector_section.ts";
import { keysSection } from "./keys_section.ts";
import { basePath, issuerName, layout, type ScriptTag } from "./layout.ts";
import { vendorList } from "./trust/vendor_list.ts";

/** What the status page tells. */
export interface StatusPage {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  /** Undefined while the keys cannot be read. */
  readonly view: KeyringView | undefined;
  /** Why it cannot sign; undefined while it can. */
  readonly problem: string | undefined;
  readonly now: number;
  readonly hasConsole: boolean;
  readonly script: ScriptTag;
}

/** The page for people at `I/`: who this issuer is, its keys, how to trust it, what a token says. */
export function statusPage(page: StatusPage): string {
  const { issuer, view, now } = page;
  const body = markup`${introduction(page)}
${keysSection({ view, now })}
<section aria-labelledby="trust">
<h2 id="trust">Trust this issuer</h2>
<p>Let one workload of this issuer into your cloud, Vault or cluster: the commands, or Terraform, for your names.</p>
${vendorList({ issuer })}
</section>
${inspectorSection(issuer)}`;
  return layout({
    ...page,
    title: `${issuerName(issuer)} · token issuer`,
    current: "status",
    body,
  });
}

function introduction({ issuer, algorithms, problem }: StatusPage): Markup {
  const base = basePath(issuer);
  return markup`
    <p class="eyebrow"><span>Token issuer</span> ${
    problem === undefined
      ? markup`<span class="badge good">healthy: can sign</span>`
      : markup`<span class="badge bad">cannot sign: ${problem}</span>`
  }</p>
    <h1>${issuerName(issuer)}</h1>
    <p class="lead">Programs get short-lived identity tokens here. A relying party that trusts this address verifies them from the public keys alone; nobody shares a secret with it.</p>
    <section aria-label="Addresses">
      <div class="copyable wrap">
        <pre aria-label="Issuer URL">${issuer}</pre>
      </div>
      <dl class="facts">
        <div>
          <dt>Discovery</dt>
          <dd><a href="${base}/.well-known/openid-configuration">openid-configuration</a></dd>
        </div>
        <div>
          <dt>Public keys</dt>
          <dd><a href="${base}/.well-known/jwks.json">jwks.json</a></dd>
        </div>
        <div>
          <dt>Health, for machines</dt>
          <dd><a href="${base}/healthz">healthz</a></dd>
        </div>
        <div>
          <dt>Signs with</dt>
          <dd>${algorithms.join(", ")}</dd>
        </div>
      </dl>
    </section>
  `;
}

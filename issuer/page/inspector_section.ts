import { type Markup, markup } from "./markup.ts";
import { basePath } from "./layout.ts";

/** Where a token is taken apart. There is no form: nothing on the page could send it anywhere. */
export function inspectorSection(issuer: string): Markup {
  const jwks = `${basePath(issuer)}/.well-known/jwks.json`;
  return markup`
    <section aria-labelledby="inspect">
      <h2 id="inspect">Inspect a token</h2>
      <p>Decoded and verified in this browser against this issuer's public keys. The token never leaves the page.</p>
      <noscript><p class="box warn">The inspector needs JavaScript. <code>signet inspect -</code> does the same in a terminal.</p></noscript>
      <div id="inspector" data-issuer="${issuer}" data-jwks="${jwks}" hidden>
        <label for="token">Token</label>
        <textarea id="token" rows="5" spellcheck="false" autocomplete="off" autocapitalize="off"
          placeholder="eyJ…" aria-describedby="token-hint"></textarea>
        <span class="hint" id="token-hint">A live token is a credential: whoever has it can use it until it expires.</span>
        <div class="actions"><button type="button" id="token-clear">Clear</button></div>
        <div id="verdict" role="status"></div>
        <div id="claims"></div>
      </div>
    </section>
  `;
}

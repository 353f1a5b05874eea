import { PRESETS } from "../trust/presets/find_preset.ts";
import { jsonBlock, markup } from "./markup.ts";
import { basePath, issuerName, layout, type ScriptTag } from "./layout.ts";

/** What the console's page is made of. */
export interface ConsolePage {
  readonly issuer: string;
  readonly hasConsole: boolean;
  readonly script: ScriptTag;
}

/** The admin console: a sign-in and an empty place that its script fills from the admin API. Holds nothing secret. */
export function consolePage(page: ConsolePage): string {
  const { issuer } = page;
  const settings = { issuer, base: basePath(issuer), presets: PRESETS.map(describePreset) };
  const body = markup`<p class="eyebrow"><span>Console of ${issuerName(issuer)}</span></p>
<noscript><h1>Console</h1><p class="box warn">The console needs JavaScript. <code>signet</code> does all of it in a terminal, by the same API.</p></noscript>
<div id="console"></div>
${jsonBlock("settings", settings)}`;
  const title = `Console · ${issuerName(issuer)}`;
  return layout({ ...page, title, current: "console", body });
}

/** What the form of a preset needs. */
function describePreset(preset: (typeof PRESETS)[number]): Record<string, unknown> {
  const { name, title, documentation, params, required } = preset;
  const shown = Object.entries(params).map(([param, about]) => ({
    name: param,
    ...{ description: about.description, example: about.example, type: about.type ?? "string" },
    isImmutable: about.immutable === true,
    mayBeGlob: about.claim !== undefined && !about.immutable && !about.literal,
  }));
  return { name, title, documentation, required, params: shown };
}

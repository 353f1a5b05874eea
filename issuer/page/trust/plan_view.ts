import { programLines } from "../../../setup/program_lines.ts";
import type { SetupPlan } from "../../../setup/types.ts";
import { type Markup, markup } from "../markup.ts";

/** Everything that one plan says; a script adds copy buttons. */
export function planView(plan: SetupPlan, title: string): Markup {
  const environment = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`);
  return markup`<section aria-labelledby="plan">
<h2 id="plan">The plan for ${title}</h2>
<dl class="facts roomy">
<div><dt>Subject that is admitted</dt><dd><code>${plan.subject}</code></dd></div>
<div><dt>Audience to ask for</dt><dd><code>${plan.audience}</code></dd></div>
</dl>
<h3>What will exist</h3>
<ul>${plan.summary.map((line) => markup`<li>${line}</li>`)}</ul>
<h3>Make it, by commands or by Terraform</h3>
<details open><summary>Commands (bash)</summary>${block("Commands", plan.cli)}</details>
<details><summary>Terraform</summary>${block("Terraform", plan.terraform)}</details>
${
    plan.artifacts.map(({ name, contents }) =>
      markup`<details><summary>File ${name}</summary>${block(name, contents)}</details>`
    )
  }
<h3>Use it in the program</h3>
${block("Environment", environment.join("\n"))}
${block("Code", programLines(plan.code).join("\n"))}
<h3>Good to know</h3>
<ul>${plan.notes.map((note) => markup`<li>${nameField(note)}</li>`)}</ul>
</section>`;
}

/** The planners speak of options of a function; here one of them is a box to tick. */
function nameField(note: string): string {
  const label = "“Admit every verified deployment of the workload”";
  return note.replace("ask for perDeployment", `tick ${label} above`);
}

/** Text to copy; it takes the focus, so that a keyboard can scroll it. */
function block(label: string, text: string): Markup {
  return markup`
    <div class="copyable">
      <pre tabindex="0" role="region" aria-label="${label}">${text}</pre>
    </div>
  `;
}

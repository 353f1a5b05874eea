import { SetupError, type SetupFault, type SetupPlan } from "../../../setup/types.ts";
import { type Markup, markup } from "../markup.ts";
import { basePath, issuerName, layout, type ScriptTag } from "../layout.ts";
import { planView } from "./plan_view.ts";
import { otherFaults, trustForm } from "./trust_form.ts";
import type { TrustValues, TrustVendor } from "./vendor.ts";
import { vendorList } from "./vendor_list.ts";
import { vendors } from "./vendors.ts";

/** What the page is made of. */
export interface TrustPage {
  readonly issuer: string;
  /** The query as it came. */
  readonly query: URLSearchParams;
  readonly hasConsole: boolean;
  readonly script: ScriptTag;
}

/** Longest text in a field: no generator takes more. */
const longest = 2048;

/** "Trust this issuer": choose a relying party, type the names, get the generators' plan. */
export function trustPage(page: TrustPage): string {
  const { issuer, query } = page;
  const vendor = vendors.find(({ id }) => id === query.get("vendor"));
  const title = vendor ? `Trust this issuer in ${vendor.title}` : "Trust this issuer";
  const body = markup`
    <p class="eyebrow">${issuerName(issuer)}</p>
    <h1>${title}</h1>
    <p class="lead">Commands or Terraform that let one workload of <code>${issuer}</code> in, and nobody else. Nothing is run here; what you type stays in this page's address.</p>
    ${vendorList({ issuer, current: vendor?.id })}
    ${vendor && vendorBody(page, vendor)}
  `;
  const full = `${title} · ${issuerName(issuer)}`;
  return layout({ ...page, title: full, current: "trust", body });
}

function vendorBody({ issuer, query }: TrustPage, vendor: TrustVendor): Markup {
  const values: TrustValues = (name) => query.get(name)?.trim().slice(0, longest) || undefined;
  const isBlank = [...query.keys()].every((name) => name === "vendor");
  const { plan, faults } = isBlank
    ? { plan: undefined, faults: [] }
    : makePlan({ issuer, vendor, values });
  const action = `${basePath(issuer)}/trust`;
  return markup`${faults.length > 0 && faultList(vendor, faults)}
<section aria-label="Names">${trustForm({ vendor, action, values, faults })}</section>
${plan && planView(plan, vendor.title)}`;
}

function makePlan(
  { issuer, vendor, values }: { issuer: string; vendor: TrustVendor; values: TrustValues },
): { plan?: SetupPlan; faults: readonly SetupFault[] } {
  const input = {
    issuer,
    workload: {
      org: values("org") ?? "",
      app: values("app") ?? "",
      context: values("context") ?? "",
    },
    subject: values("subject"),
    audience: values("audience"),
    perDeployment: values("perDeployment") !== undefined,
    reuseIssuerEntry: values("reuseIssuerEntry") !== undefined,
  };
  try {
    return { plan: vendor.plan(input, values), faults: [] };
  } catch (error) {
    if (error instanceof SetupError) return { faults: error.faults };
    throw error;
  }
}

function faultList(vendor: TrustVendor, faults: readonly SetupFault[]): Markup {
  const others = otherFaults(vendor, faults);
  const own = faults.length - others.length;
  const marked = own === 1 ? "the field" : `the ${own} fields`;
  return markup`<div class="box bad" role="alert">
<p><strong>There is no plan yet.</strong>${own > 0 && ` Look at ${marked} marked below.`}</p>
${
    others.length > 0 &&
    markup`<ul>${others.map(({ field, problem }) => markup`<li>${field} ${problem}</li>`)}</ul>`
  }
</div>`;
}

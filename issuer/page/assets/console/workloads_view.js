import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { apiCall, button, dataTable, showTime } from "./parts.js";

/** Every workload, a page at a time. */
export async function workloadsView(app) {
  const list = element("div");
  const count = element("p", { class: "note", role: "status" });
  const shown = [];
  let call = { method: "GET", path: "workloads?limit=50" };
  const { box, refresh } = apiCall(app, () => call);
  const more = button("Show more", () => load().catch(app.fail));

  async function load() {
    const { body } = await callApi(app, call);
    shown.push(...body.workloads);
    list.replaceChildren(shown.length > 0 ? workloadTable(shown) : emptyList());
    count.textContent = `${shown.length} shown${body.next ? ", there are more" : ""}`;
    more.hidden = !body.next;
    if (body.next) call = { method: "GET", path: `workloads?limit=50&cursor=${body.next}` };
    refresh();
  }

  await load();
  return [
    element(
      "div",
      { class: "spread" },
      element("h1", { tabindex: -1 }, "Workloads"),
      element("a", { class: "button", href: "#new" }, "New workload"),
    ),
    element(
      "section",
      { "aria-label": "Workloads" },
      list,
      element("div", { class: "actions" }, count, more),
      box,
    ),
  ];
}

export function workloadTable(workloads) {
  return dataTable(
    "A workload is one program in one place; its subject is what relying parties compare.",
    ["Workload", "Subject", "Audiences", "Trust rules", "Changed (UTC)"],
    workloads.map((workload) => [
      element("a", { href: `#workloads/${workload.id}` }, workload.id),
      element("code", {}, workload.subject),
      audienceSummary(workload.audiences),
      workload.managedBy === "config"
        ? `${workload.trust.length}, in the configuration file`
        : workload.trust.length,
      showTime(workload.updatedAt),
    ]),
  );
}

export function audienceSummary(audiences) {
  if (audiences.length === 0) return "none";
  const rest = audiences.length - 1;
  return [element("code", {}, audiences[0]), rest > 0 && ` and ${rest} more`];
}

export function emptyList() {
  return element(
    "p",
    {},
    "There are none yet. Make the first, give it a credential or a trust rule, and let a relying party trust its subject.",
  );
}

import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { changeWorkload } from "./change_workload.js";
import { confirmAction } from "./confirm_action.js";
import { credentialsSection } from "./credentials_section.js";
import { explainSection } from "./explain_view.js";
import { mergePatchOf } from "./merge_patch_of.js";
import { apiCall, attempt, button, showTime } from "./parts.js";
import { trustSection } from "./trust_section.js";
import { readable, workloadFields } from "./workload_form.js";

/** One workload: what it may ask for, how it proves itself, its end. */
export async function workloadView(app, id) {
  const path = `workloads/${encodeURIComponent(id)}`;
  const { body: workload, etag } = await callApi(app, { method: "GET", path });
  const editable = workload.managedBy !== "config";
  const page = { app, path, workload, etag, editable, reload: () => app.show(`workloads/${id}`) };
  return [
    !editable && element(
      "p",
      { class: "eyebrow" },
      element("span", { class: "badge quiet" }, "in the configuration file: read-only"),
    ),
    element("h1", { tabindex: -1 }, workload.id),
    element(
      "section",
      { "aria-label": "Facts" },
      facts(workload),
      apiCall(app, () => ({ method: "GET", path })).box,
    ),
    editSection(page),
    await credentialsSection(page),
    trustSection(page),
    explainSection(app),
    editable && endSection(page),
  ];
}

export function facts({ subject, org, app, context, createdAt, updatedAt }) {
  const rows = [
    ["Subject", element("code", {}, subject)],
    ["Org / app / context", `${org} / ${app} / ${context}`],
    ["Created (UTC)", showTime(createdAt)],
    ["Changed (UTC)", showTime(updatedAt)],
  ];
  return element(
    "dl",
    { class: "facts" },
    rows.map(([name, value], index) =>
      element(
        "div",
        { class: index === 0 && "wide" },
        element("dt", {}, name),
        element("dd", {}, value),
      )
    ),
  );
}

export function editSection(page) {
  const { app, path, workload, etag, editable } = page;
  const fields = workloadFields(workload);
  const { audiences, claims, maxTtlSeconds } = workload;
  const callOf = () => ({
    ...{ method: "PATCH", path, etag },
    body: mergePatchOf({ audiences, claims, maxTtlSeconds }, fields.read()) ?? {},
  });
  const place = element("div");
  const go = element("button", { class: "main" }, "Save");
  const shown = apiCall(app, () => readable(callOf));
  const form = element(
    "form",
    {
      oninput: shown.refresh,
      onsubmit: (event) => {
        event.preventDefault();
        attempt(go, place, () => changeWorkload(page, callOf()));
      },
    },
    element(
      "fieldset",
      { disabled: !editable },
      element("legend", {}, element("h2", {}, "What it may ask for")),
      element("div", { class: "fields" }, fields.boxes),
    ),
    place,
    editable && element("div", { class: "actions" }, go),
  );
  return element("section", { "aria-label": "What it may ask for" }, form, editable && shown.box);
}

export function endSection({ app, path, workload, etag }) {
  const call = { method: "DELETE", path, etag };
  const ask = () =>
    confirmAction(app, {
      title: `Delete ${workload.id}?`,
      text: "Its credentials end at once. Neither its id nor its subject is given out again.",
      ...{ typed: workload.id, verb: "Delete the workload", call },
      async act() {
        await callApi(app, call);
        app.tellNext(`Workload ${workload.id} is deleted.`);
        app.go("workloads");
      },
    });
  return element(
    "section",
    { "aria-label": "Delete" },
    element("h2", {}, "Delete"),
    element("p", {}, "Tokens that it got stay valid until they expire."),
    button("Delete the workload…", ask, "danger"),
  );
}

import { element } from "../element.js";
import { callApi, failure } from "./call_api.js";
import { apiCall, attempt, field, textArea, textInput } from "./parts.js";

/** The members of a workload that can change, as controls; `read` gives them or throws a problem. */
export function workloadFields(workload) {
  const audiences = textArea({ class: "mono" }, (workload.audiences ?? []).join("\n"));
  const claims = textArea({ class: "mono" }, JSON.stringify(workload.claims ?? {}, null, 2));
  const ttl = textInput({
    type: "number",
    min: 1,
    max: 3600,
    value: workload.maxTtlSeconds ?? 3600,
  });
  return {
    boxes: [
      field(
        "Audiences",
        audiences,
        "One a line. * stands for anything inside one segment; a lone * admits every audience.",
      ),
      field("Extra claims", claims, "A JSON object; the issuer's own claims cannot be set."),
      field("Longest lifetime", ttl, "Seconds, at most 3600"),
    ],
    read: () => ({
      audiences: audiences.value.split("\n").map((line) => line.trim()).filter((line) => line),
      claims: readJson(claims.value, "/claims"),
      maxTtlSeconds: Number(ttl.value),
    }),
  };
}

/** JSON from a text area. */
export function readJson(text, pointer) {
  try {
    return JSON.parse(text.trim() || "{}");
  } catch (error) {
    throw failure({
      title: "This is no JSON",
      detail: "Look at the field.",
      errors: [{ pointer, detail: error.message }],
    });
  }
}

/** Makes a new workload. */
export function newWorkloadView(app) {
  const names = ["id", "org", "app", "context"].map((
    name,
  ) => [name, textInput({ required: true })]);
  const fields = workloadFields({});
  const place = element("div");
  const go = element("button", { class: "main" }, "Create the workload");
  const callOf = () => {
    const texts = names.map(([name, input]) => [name, input.value.trim()]);
    return {
      method: "POST",
      path: "workloads",
      body: { ...Object.fromEntries(texts), ...fields.read() },
    };
  };
  const shown = apiCall(app, () => readable(callOf));
  const hints = {
    id: "Its name in the API; never used again after deletion",
    org: "First part of the subject",
    app: "Second part",
    context: "Third part, such as production",
  };
  return [
    element("h1", { tabindex: -1 }, "New workload"),
    element(
      "section",
      { "aria-label": "New workload" },
      element(
        "form",
        {
          oninput: shown.refresh,
          onsubmit: (event) => {
            event.preventDefault();
            attempt(go, place, async () => {
              const { body } = await callApi(app, callOf());
              app.tellNext(`Workload ${body.id} is there.`, body.warnings);
              app.go(`workloads/${body.id}`);
            });
          },
        },
        element(
          "div",
          { class: "fields" },
          names.map(([name, input]) =>
            field(name === "id" ? "ID" : name[0].toUpperCase() + name.slice(1), input, hints[name])
          ),
          fields.boxes,
        ),
        place,
        element(
          "div",
          { class: "actions" },
          go,
          element("a", { class: "button", href: "#workloads" }, "Cancel"),
        ),
      ),
      shown.box,
    ),
  ];
}

/** A call for showing; while a field holds no JSON there is none. */
export function readable(callOf) {
  try {
    return callOf();
  } catch {
    return { method: "GET", path: "… (a field holds no JSON)" };
  }
}

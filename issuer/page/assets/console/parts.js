import { copyText } from "../copy.js";
import { element } from "../element.js";
import { curlOf } from "./curl.js";

/** The API call behind a part of the page, folded; `read` gives it whenever it is opened or changes. */
export function apiCall(app, read) {
  const text = element("pre", { tabindex: 0, role: "region", "aria-label": "API call" });
  const refresh = () => text.textContent = curlOf(app.settings.issuer, read());
  refresh();
  const box = element(
    "details",
    { class: "call", ontoggle: refresh },
    element("summary", {}, "API call"),
    element(
      "div",
      { class: "copyable" },
      text,
      copyText(() => text.textContent, "API call"),
    ),
  );
  return { box, refresh };
}

/** A labelled control. `options`: hint, and the attributes of the control. */
export function field(label, control, hint) {
  const id = `f${crypto.randomUUID()}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return element(
    "div",
    { class: control.tagName === "TEXTAREA" ? "field wide" : "field" },
    element("label", { for: id }, label),
    control,
    hint && element("span", { class: "hint", id: `${id}-hint` }, hint),
  );
}

/** A text field that no browser or keyboard changes or keeps. */
export function textInput(attributes = {}) {
  return element("input", {
    ...{ type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" },
    ...attributes,
  });
}

/** A text area of the same kind. */
export function textArea(attributes = {}, text = "") {
  const made = element("textarea", {
    ...{ rows: 4, autocomplete: "off", autocapitalize: "off", spellcheck: "false" },
    ...attributes,
  });
  made.value = text;
  return made;
}

/** A choice; each option `[value, text]`. */
export function choice(options, attributes = {}) {
  const made = options.map(([value, text]) => element("option", { value }, text));
  return element("select", attributes, made);
}

/** A problem of the API in full: every fault with its place. */
export function showProblem(error) {
  const { title, detail, errors = [] } = error.problem ??
    { title: "This page failed", detail: error.message };
  return element(
    "div",
    { class: "box bad", role: "alert" },
    element("p", {}, element("strong", {}, `${title ?? "Refused"}. `), detail ?? ""),
    errors.length > 0 && element(
      "ul",
      {},
      errors.map((fault) =>
        element("li", {}, element("code", {}, fault.pointer || "/"), ` ${fault.detail}`)
      ),
    ),
  );
}

/** Warnings that came with an answer. */
export function showWarnings(warnings = []) {
  return warnings.length > 0 && element(
    "div",
    { class: "box warn", role: "status" },
    element("p", {}, element("strong", {}, "Done, with a warning.")),
    element("ul", {}, warnings.map((text) => element("li", {}, text))),
  );
}

/** A table; cells are elements or text, the first of a row names it. */
export function dataTable(caption, head, rows) {
  return element(
    "table",
    { class: "stack" },
    element("caption", {}, caption),
    element(
      "thead",
      {},
      element("tr", {}, head.map((name) => element("th", { scope: "col" }, name))),
    ),
    element(
      "tbody",
      {},
      rows.map(([first, ...cells]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, first),
          cells.map((cell, index) =>
            element("td", { "data-label": head[index + 1] || undefined }, cell)
          ),
        )
      ),
    ),
  );
}

/** A time of the API in UTC, to the minute; a dash for none. */
export function showTime(text) {
  if (!text) return "–";
  return element("time", { datetime: text }, `${text.slice(0, 16).replace("T", " ")}`);
}

/** A button. */
export function button(text, onclick, kind = "") {
  return element("button", { type: "button", class: kind, onclick }, text);
}

/** Runs an action with its button off meanwhile; a refusal is shown at `place`. */
export async function attempt(trigger, place, action) {
  trigger.disabled = true;
  place.replaceChildren();
  try {
    return await action();
  } catch (error) {
    place.replaceChildren(showProblem(error));
  } finally {
    trigger.disabled = false;
  }
}

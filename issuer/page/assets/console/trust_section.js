import { element } from "../element.js";
import { changeWorkload } from "./change_workload.js";
import { confirmAction } from "./confirm_action.js";
import { matcherText } from "./matcher_text.js";
import { apiCall, attempt, button, choice, field, textArea, textInput } from "./parts.js";
import { callApi } from "./call_api.js";
import { tryDraft } from "./try_draft.js";
import { readable, readJson } from "./workload_form.js";

/** Which platforms' tokens are exchanged for this workload's. */
export function trustSection(page) {
  const { workload, editable } = page;
  return element(
    "section",
    { "aria-label": "Trust rules" },
    element("h2", {}, "Trust rules"),
    element(
      "p",
      {},
      "Whoever brings a token that meets one of these rules gets this workload's token, without a secret.",
    ),
    workload.trust.length === 0 && element("p", { class: "note" }, "None yet."),
    workload.trust.map((rule, index) => ruleCard(page, rule, index)),
    editable && addRuleForm(page),
  );
}

export function ruleCard(page, rule, index) {
  const { app, path, workload, etag, editable, reload } = page;
  const title = app.settings.presets.find(({ name }) => name === rule.preset)?.title;
  const conditions = Object.entries(rule.claims).map(([claim, matcher]) =>
    element(
      "div",
      {},
      element("dt", {}, element("code", {}, claim)),
      element("dd", {}, element("code", {}, matcherText(matcher))),
    )
  );
  const call = {
    ...{ method: "PATCH", path, etag },
    body: { trust: workload.trust.filter((other) => other !== rule) },
  };
  const remove = () =>
    confirmAction(app, {
      title: "Remove this rule?",
      text: `Tokens of ${rule.issuer} that only this rule admits are refused from then on.`,
      ...{ verb: "Remove the rule", call },
      async act() {
        await callApi(app, call);
        app.tellNext("The rule is removed.");
        await reload();
      },
    });
  return element(
    "div",
    { class: "card" },
    element(
      "div",
      { class: "spread" },
      element("strong", {}, `Rule ${index}: ${title ?? "custom"}`),
      editable && button("Remove", remove, "small danger"),
    ),
    element(
      "dl",
      { class: "facts" },
      element(
        "div",
        {},
        element("dt", {}, "Issuer"),
        element("dd", {}, element("code", {}, rule.issuer)),
      ),
      element(
        "div",
        {},
        element("dt", {}, "Audience"),
        element("dd", {}, element("code", {}, rule.audience)),
      ),
      element(
        "div",
        {},
        element("dt", {}, "A token counts"),
        element("dd", {}, rule.singleUse ? "once" : "until it expires"),
      ),
      conditions,
    ),
  );
}

export function addRuleForm(page) {
  const { app, path, workload, etag } = page;
  const { presets } = app.settings;
  const preset = choice([
    ["", "Choose a platform…"],
    ...presets.map(({ name, title }) => [name, title]),
    ["custom", "Another issuer (JSON)"],
  ]);
  const parameters = element("div", { class: "fields" });
  let readRule = () => ({});
  const callOf = () => ({
    ...{ method: "PATCH", path, etag },
    body: { trust: [...workload.trust, readRule()] },
  });
  const shown = apiCall(app, () => readable(callOf));
  const trial = tryDraft(page, () => readRule());
  const refresh = () => {
    shown.refresh();
    trial.refresh();
  };
  const place = element("div");
  const go = element("button", { class: "main" }, "Add the rule");
  const actions = element(
    "div",
    { hidden: true },
    trial.box,
    place,
    element("div", { class: "actions" }, go),
    shown.box,
  );
  preset.addEventListener("change", () => {
    const about = presets.find(({ name }) => name === preset.value);
    const form = about ? presetFields(about) : customRule(app.settings.issuer);
    readRule = form.read;
    parameters.replaceChildren(...(preset.value ? form.boxes : []));
    actions.hidden = !preset.value;
    place.replaceChildren();
    refresh();
  });
  return element(
    "form",
    {
      oninput: refresh,
      onsubmit: (event) => {
        event.preventDefault();
        attempt(go, place, () => changeWorkload(page, callOf()));
      },
    },
    element("h3", {}, "Add a rule"),
    element("div", { class: "fields" }, field("Platform", preset)),
    parameters,
    actions,
  );
}

export function presetFields({ name, params, required, documentation }) {
  const inputs = params.map((param) => [param, textInput({ placeholder: param.example })]);
  const needed = required.map((names) => names.join(" or ")).join("; ");
  const boxes = inputs.map(([param, input]) => {
    const notes = [param.description];
    if (param.isImmutable) notes.push("never given to anything else");
    if (param.mayBeGlob) notes.push("* inside one segment");
    return field(param.name, input, notes.join("; "));
  });
  const intro = element(
    "p",
    { class: "note wide" },
    `Needs ${needed}. Ids that are never given to anything else are safer than names. `,
    element("a", { href: documentation, rel: "noreferrer" }, "The platform's claims"),
  );
  const read = () => {
    const given = inputs.filter(([, input]) => input.value.trim() !== "");
    const values = given.map((
      [param, input],
    ) => [param.name, readParameter(param, input.value.trim())]);
    return { preset: name, ...Object.fromEntries(values) };
  };
  return { boxes: [intro, ...boxes], read };
}

/** What was typed for a parameter, in the JSON type of its claim. */
export function readParameter({ type, mayBeGlob = false }, text) {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (type === "number") return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === "list") return text.split(/[\s,]+/).filter((part) => part);
  return mayBeGlob && text.includes("*") ? { glob: text } : text;
}

export function customRule(issuer) {
  const example = { issuer: "https://issuer.example", audience: issuer, claims: { sub: "…" } };
  const text = textArea({ class: "mono", rows: 8 }, JSON.stringify(example, null, 2));
  return {
    boxes: [field("Rule", text, 'A claim is a literal or {"glob":"repo:acme/web:*"}')],
    read: () => readJson(text.value, "/trust"),
  };
}

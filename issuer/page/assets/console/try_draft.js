import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { apiCall, attempt, button, dataTable, field, textArea } from "./parts.js";
import { matcherText } from "./matcher_text.js";
import { readable } from "./workload_form.js";

/** A dry run of the rule in a form, before it is saved; `refresh` when the rule has changed. */
export function tryDraft({ app, workload }, readRule) {
  const token = textArea({ class: "mono", rows: 4, placeholder: "eyJ…" });
  const place = element("div", { role: "status" });
  const callOf = (text) => ({
    ...{ method: "POST", path: "explain" },
    body: { token: text, rule: readRule() },
  });
  const shown = apiCall(app, () => readable(() => callOf("<the platform's token>")));
  const go = button("Try the rule", () =>
    attempt(go, place, async () => {
      const { body } = await callApi(app, callOf(token.value.trim()));
      place.replaceChildren(showDraftVerdict(body, workload.id));
    }));
  const box = element(
    "div",
    { class: "card", role: "group", "aria-label": "Try with a token" },
    element("h4", {}, "Try with a token"),
    element(
      "p",
      { class: "note" },
      "Says of every condition whether a token of the platform meets it. Nothing is saved, minted or used up.",
    ),
    field("Token to try", token, "Sent to this issuer's admin API and nowhere else"),
    element("div", { class: "actions" }, go),
    place,
    shown.box,
  );
  // A verdict about another rule than the one in the form would mislead.
  const refresh = () => {
    shown.refresh();
    place.replaceChildren();
  };
  token.addEventListener("input", (event) => {
    event.stopPropagation();
    place.replaceChildren();
  });
  return { box, refresh };
}

/** The verdict on a rule that is not saved, and each of its conditions. */
export function showDraftVerdict(answer, workload) {
  const { verdict, reason, detail, conditions, warnings = [], workloads = [] } = answer;
  const others = workloads.filter((id) => id !== workload);
  return element(
    "div",
    {},
    verdict === "accepted"
      ? element(
        "p",
        { class: "box good" },
        element("strong", {}, "Accepted"),
        " by this rule, which is not saved yet.",
      )
      : element(
        "p",
        { class: "box bad" },
        element("strong", {}, "Refused: "),
        element("code", {}, reason),
        reason === "no_rule_matches"
          ? ". The rule does not accept what the token says."
          : `. ${detail}.`,
      ),
    others.length > 0 && element(
      "p",
      { class: "box warn" },
      `${others.join(", ")} takes this token too: the program must then name its workload.`,
    ),
    conditions.length > 0 && conditionTable(conditions),
    warnings.map((text) => element("p", { class: "box warn" }, text)),
  );
}

export function conditionTable(conditions) {
  return dataTable(
    "Every condition of the rule",
    ["Claim", "Holds", "The rule says", "The token says"],
    conditions.map(({ claim, expected, found, matches, why }) => [
      element("code", {}, claim),
      element(
        "span",
        {},
        element("span", { class: `badge ${matches ? "good" : "bad"}` }, matches ? "yes" : "no"),
        !matches && ` ${why}`,
      ),
      element("code", {}, matcherText(expected)),
      found === undefined ? "nothing" : element("code", {}, JSON.stringify(found)),
    ]),
  );
}

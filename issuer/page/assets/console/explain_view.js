import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { apiCall, attempt, button, dataTable, field, textArea } from "./parts.js";
import { matcherText } from "./matcher_text.js";

/** The dry run as a page of its own. */
export function explainView(app) {
  return [element("h1", { tabindex: -1 }, "Try a token"), explainSection(app)];
}

/** Which rule a pasted token meets, or nearly meets. */
export function explainSection(app) {
  const token = textArea({ class: "mono", rows: 4, placeholder: "eyJ…" });
  const place = element("div", { role: "status" });
  const callOf = () => ({ method: "POST", path: "explain", body: { token: token.value.trim() } });
  const go = button("Try it", () =>
    attempt(go, place, async () => {
      const { body } = await callApi(app, callOf());
      place.replaceChildren(showVerdict(body));
    }));
  return element(
    "section",
    { "aria-label": "Try a token" },
    element("h2", {}, "Try a platform's token"),
    element(
      "p",
      {},
      "A dry run against the stored rules of every workload: no token is minted and a single-use token is not used up.",
    ),
    field("Platform token", token, "Sent to this issuer's admin API and nowhere else"),
    element("div", { class: "actions" }, go),
    place,
    apiCall(
      app,
      () => ({ method: "POST", path: "explain", body: { token: "<the platform's token>" } }),
    )
      .box,
  );
}

/** The verdict in words, and what differs from the nearest rule. */
export function showVerdict({ verdict, reason, detail, workload, workloads, nearest }) {
  if (verdict === "accepted") {
    return element(
      "p",
      { class: "box good" },
      element("strong", {}, "Accepted "),
      "for workload ",
      element("a", { href: `#workloads/${workload}` }, workload),
      nearest && `, by its rule ${nearest.rule}`,
      ".",
    );
  }
  const differences = nearest?.differences ?? [];
  return element(
    "div",
    {},
    element(
      "p",
      { class: "box bad" },
      element("strong", {}, "Refused: "),
      element("code", {}, reason),
      detail && `. ${detail}.`,
      workloads && ` (${workloads.join(", ")})`,
    ),
    nearest && differences.length > 0 && [
      element(
        "p",
        {},
        `Nearest is rule ${nearest.rule} of workload ${nearest.workload}. What differs:`,
      ),
      dataTable(
        "Claims that differ",
        ["Claim", "The rule says", "The token says"],
        differences.map(({ claim, expected, found }) => [
          element("code", {}, claim),
          element("code", {}, matcherText(expected)),
          found === undefined ? "nothing" : element("code", {}, JSON.stringify(found)),
        ]),
      ),
    ],
  );
}

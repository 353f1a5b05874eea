import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { apiCall, button, choice, dataTable, field, showTime, textInput } from "./parts.js";

/** Who changed what, newest first; filters look at what is loaded. */
export async function auditView(app) {
  const events = [];
  const list = element("div");
  const count = element("p", { class: "note", role: "status" });
  const action = choice([["", "every action"]]);
  const target = textInput({ placeholder: "workload:web" });
  const actor = textInput({ placeholder: "admin-token" });
  let call = { method: "GET", path: "audit?limit=100" };
  const shownCall = apiCall(app, () => call);
  const more = button("Load older", () => load().catch(app.fail));

  function draw() {
    const matches = filterEvents(events, {
      ...{ action: action.value, target: target.value, actor: actor.value },
    });
    list.replaceChildren(matches.length > 0 ? eventTable(matches) : element("p", {}, "No event."));
    count.textContent = `${matches.length} of ${events.length} loaded`;
  }

  async function load() {
    const { body } = await callApi(app, call);
    events.push(...body.events);
    const known = [...action.options].map(({ value }) => value);
    const names = [...new Set(body.events.map((event) => event.action))].sort();
    const fresh = names.filter((name) => !known.includes(name));
    action.append(...fresh.map((value) => element("option", { value }, value)));
    more.hidden = !body.next;
    if (body.next) call = { method: "GET", path: `audit?limit=100&cursor=${body.next}` };
    shownCall.refresh();
    draw();
  }

  for (const control of [action, target, actor]) control.addEventListener("input", draw);
  await load();
  return [
    element("h1", { tabindex: -1 }, "Audit"),
    element(
      "section",
      { "aria-label": "Events" },
      element(
        "div",
        { class: "fields" },
        field("Action", action),
        field("Target contains", target),
        field("Actor contains", actor),
      ),
      list,
      element("div", { class: "actions" }, count, more),
      shownCall.box,
    ),
  ];
}

/** Events that meet every filter that is set. */
export function filterEvents(events, { action, target, actor }) {
  return events.filter((event) =>
    (!action || event.action === action) && event.target.includes(target.trim()) &&
    event.actor.includes(actor.trim())
  );
}

export function eventTable(events) {
  return dataTable(
    "Changes by administrators, newest first; times are UTC",
    ["When", "Action", "Target", "Actor", "What changed"],
    events.map((event) => [
      showTime(event.at),
      element("code", {}, event.action),
      element("code", {}, event.target),
      event.actor,
      changeOf(event),
    ]),
  );
}

export function changeOf({ before, after }) {
  const parts = [["before", before], ["after", after]].filter(([, value]) => value !== undefined);
  if (parts.length === 0) return "–";
  return element(
    "details",
    {},
    element("summary", {}, parts.map(([name]) => name).join(" and ")),
    parts.map(([name, value]) =>
      element(
        "pre",
        { tabindex: 0, role: "region", "aria-label": name },
        JSON.stringify(value, null, 2),
      )
    ),
  );
}

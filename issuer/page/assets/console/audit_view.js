import { element } from "../element.js";
import { callApi } from "./call_api.js";
import {
  apiCall,
  button,
  choice,
  dataTable,
  field,
  showProblem,
  showTime,
  textInput,
} from "./parts.js";

/** Who changed what, newest first; the issuer filters. */
export async function auditView(app) {
  const filters = auditFilters();
  const list = element("div");
  const count = element("p", { class: "note", role: "status" });
  const more = button("Load older", () => load());
  let call = { method: "GET", path: auditPath(filters.read()) };
  let events = [], turn = 0, timer;
  const shownCall = apiCall(app, () => ({ method: "GET", path: auditPath(filters.read()) }));

  async function load() {
    const own = ++turn;
    try {
      const { body } = await callApi(app, call);
      // An answer to filters that have changed meanwhile says nothing.
      if (own === turn) show(body);
    } catch (error) {
      if (own !== turn) return;
      count.textContent = "";
      list.replaceChildren(showProblem(error));
    }
  }

  function show({ events: older, next, searchedTo }) {
    events = [...events, ...older];
    list.replaceChildren(events.length > 0 ? eventTable(events) : element("p", {}, "No event."));
    count.textContent = countText(events.length, { next, searchedTo });
    more.hidden = !next;
    more.textContent = searchedTo ? "Search older" : "Load older";
    if (next) call = { method: "GET", path: auditPath(filters.read(), next) };
  }

  function restart() {
    clearTimeout(timer);
    turn++;
    events = [];
    call = { method: "GET", path: auditPath(filters.read()) };
    shownCall.refresh();
    more.hidden = true;
    count.textContent = "Looking…";
    // While somebody types, only what they end at is asked for.
    timer = setTimeout(load, 250);
  }

  filters.box.addEventListener("input", restart);
  await load();
  return [
    element("h1", { tabindex: -1 }, "Audit"),
    element(
      "section",
      { "aria-label": "Events" },
      ...[filters.box, list, element("div", { class: "actions" }, count, more), shownCall.box],
    ),
  ];
}

/** The filters as controls. */
export function auditFilters() {
  const action = choice(auditActions());
  const target = textInput({ placeholder: "workload:web" });
  const actor = textInput({ placeholder: "admin-token" });
  const from = textInput({ type: "date" });
  const to = textInput({ type: "date" });
  const box = element(
    "div",
    { class: "fields", role: "search", "aria-label": "Filters" },
    field("Action", action),
    field("Target contains", target),
    field("Actor contains", actor),
    field("From day (UTC)", from),
    field("To day (UTC)", to),
  );
  const read = () => ({
    ...{ action: action.value, target: target.value, actor: actor.value },
    ...{ from: from.value, to: to.value },
  });
  return { box, read };
}

/** Every action of the log, by kind. */
export function auditActions() {
  const names = [
    ...["workload.*", "workload.create", "workload.update", "workload.delete"],
    ...["credential.*", "credential.add", "credential.revoke"],
    ...["keys.*", "keys.rotate", "keys.rotate_emergency", "keys.revoke"],
  ];
  const texts = names.map((name) => [name, name.endsWith("*") ? `${name} (all)` : name]);
  return [["", "every action"], ...texts];
}

/** The call that a page of the log takes. */
export function auditPath({ action, target, actor, from, to }, cursor) {
  const contains = (text) => text.trim() && `*${text.trim()}*`;
  // The API stops before `until`; people mean the whole day.
  const until = to && new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
  const wanted = {
    ...{ action, target: contains(target), actor: contains(actor), since: from, until, cursor },
  };
  const query = Object.entries(wanted).filter(([, value]) => value)
    .map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  return `audit?limit=100${query.join("")}`;
}

/** What is there and what is not. */
export function countText(count, { next, searchedTo }) {
  const shown = count === 1 ? "1 event" : `${count} events`;
  if (!next) return `${shown}, all that there are`;
  if (!searchedTo) return `${shown}, older ones follow`;
  return `${shown}, searched back to ${searchedTo.slice(0, 16).replace("T", " ")} UTC`;
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

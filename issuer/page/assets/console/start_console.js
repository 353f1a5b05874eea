import { element } from "../element.js";
import { auditView } from "./audit_view.js";
import { explainView } from "./explain_view.js";
import { keysView } from "./keys_view.js";
import { button, showProblem, showWarnings } from "./parts.js";
import { signInView } from "./sign_in.js";
import { newWorkloadView } from "./workload_form.js";
import { workloadsView } from "./workloads_view.js";
import { workloadView } from "./workload_view.js";

/** The console: one place for views, chosen by the part of the address after `#`. */
export function startConsole() {
  const root = document.getElementById("console");
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const view = element("div");
  const message = element("div", { role: "status" });
  const idleLimit = 15 * 60_000;
  // The only place where the admin token is ever kept.
  let token;
  let timer;
  let pending;
  let turn = 0;

  const app = {
    root,
    settings,
    token: () => token,
    keep: (value) => token = value,
    signedIn() {
      root.replaceChildren(consoleMenu(app), message, view);
      rest();
      return app.show(currentView());
    },
    signOut(reason) {
      const wasKnown = token !== undefined;
      token = undefined;
      clearTimeout(timer);
      message.replaceChildren();
      view.replaceChildren();
      root.replaceChildren(...signInView(app, reason));
      if (wasKnown) root.querySelector("input").focus();
    },
    go(name) {
      if (currentView() === name) return app.show(name);
      location.hash = name;
    },
    async show(name) {
      const own = ++turn;
      const parts = await viewOf(app, name).catch((error) => [showProblem(error)]);
      if (own !== turn || token === undefined) return;
      message.replaceChildren(...pending ?? []);
      pending = undefined;
      view.replaceChildren(...[parts].flat().filter((part) => part));
      markMenu(root, name);
      focusHeading(view);
    },
    tell: (text, warnings) => message.replaceChildren(...noteOf(text, warnings)),
    // For what is said once the next view is there.
    tellNext: (text, warnings) => pending = noteOf(text, warnings),
    offer(text, verb, action) {
      const go = button(verb, () => {
        message.replaceChildren();
        action();
      });
      message.replaceChildren(element("div", { class: "box warn" }, element("p", {}, text), go));
    },
    fail: (error) => message.replaceChildren(showProblem(error)),
  };

  function rest() {
    clearTimeout(timer);
    if (token === undefined) return;
    timer = setTimeout(() => app.signOut("Signed out after 15 idle minutes."), idleLimit);
  }

  addEventListener("hashchange", () => {
    if (token === undefined) return;
    app.show(currentView());
  });
  addEventListener("keydown", rest);
  addEventListener("pointerdown", rest);
  // A page kept for the back button would keep the token with it.
  addEventListener("pagehide", () => app.signOut());
  app.signOut();
}

/** The view that the address names. */
export function currentView() {
  return location.hash.slice(1) || "workloads";
}

/** What a view shows; a promise for all of them. */
export async function viewOf(app, name) {
  if (name.startsWith("workloads/")) return await workloadView(app, name.slice(10));
  const views = new Map(Object.entries({
    ...{ workloads: workloadsView, new: newWorkloadView, keys: keysView },
    ...{ audit: auditView, try: explainView },
  }));
  return await (views.get(name) ?? workloadsView)(app);
}

export function consoleMenu(app) {
  const views = [["workloads", "Workloads"], ["try", "Try a token"], ["keys", "Keys"], [
    "audit",
    "Audit",
  ]];
  return element(
    "nav",
    { "aria-label": "Console" },
    element(
      "ul",
      {},
      views.map(([name, text]) => element("li", {}, element("a", { href: `#${name}` }, text))),
      element("li", {}, button("Sign out", () => app.signOut("Signed out."), "link")),
    ),
  );
}

export function noteOf(text, warnings) {
  const note = element("p", { class: "box good" }, text);
  return [note, showWarnings(warnings)].filter((part) => part);
}

export function markMenu(root, name) {
  for (const link of root.querySelectorAll("nav a")) {
    const isCurrent = link.hash === `#${name.split("/")[0]}`;
    if (isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

export function focusHeading(place) {
  place.querySelector("h1")?.focus();
}

import { element } from "../element.js";
import { apiCall, attempt, button, field, textInput } from "./parts.js";

/**
 * Asks before something that cannot be taken back. With `typed`, that text has to be typed first.
 * `act` runs inside the dialog, so that a refusal is seen where it was asked for.
 */
export function confirmAction(app, { title, text, typed, verb, call, act }) {
  const place = element("div");
  const input = typed && textInput({ class: "mono" });
  const go = button(verb, () =>
    attempt(go, place, async () => {
      await act();
      dialog.close();
    }), "danger");
  const heading = element("h2", { id: "confirm-title" }, title);
  const dialog = element(
    "dialog",
    { "aria-labelledby": "confirm-title", onclose: () => dialog.remove() },
    heading,
    element("p", {}, text),
    input && field(`Type ${typed} to confirm`, input),
    place,
    element("div", { class: "actions" }, go, button("Cancel", () => dialog.close())),
    apiCall(app, () => call).box,
  );
  if (input) {
    go.disabled = true;
    input.addEventListener("input", () => go.disabled = input.value.trim() !== typed);
  }
  app.root.append(dialog);
  dialog.showModal();
}

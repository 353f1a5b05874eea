import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { apiCall, attempt, field, textInput } from "./parts.js";

/** The sign-in; the token is taken out of the field and kept by `app` alone. */
export function signInView(app, message) {
  const token = textInput({ type: "password", required: true });
  const place = element(
    "div",
    { role: "alert" },
    message && element("p", { class: "box warn" }, message),
  );
  const go = element("button", { class: "main" }, "Sign in");
  const check = { method: "GET", path: "workloads?limit=1" };
  const form = element(
    "form",
    {
      // Outside a dialog this sends nothing, whatever happens to the listener.
      method: "dialog",
      onsubmit: (event) => {
        event.preventDefault();
        attempt(go, place, async () => {
          app.keep(token.value.trim());
          token.value = "";
          await callApi(app, check);
          app.signedIn();
        });
      },
    },
    field(
      "Admin token",
      token,
      "SIGNET_ADMIN_TOKEN of the issuer, or a platform's token of an administrator",
    ),
    place,
    element("div", { class: "actions" }, go),
  );
  return [
    element("h1", { tabindex: -1 }, "Sign in"),
    element(
      "section",
      { "aria-label": "Sign in" },
      form,
      element(
        "p",
        { class: "note" },
        "Kept in this page's memory only: reloading, leaving or 15 idle minutes sign you out.",
      ),
      apiCall(app, () => check).box,
    ),
  ];
}

import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { confirmAction } from "./confirm_action.js";
import { apiCall, attempt, button, choice, dataTable, field, showTime } from "./parts.js";

/** The signing keys, their rotation and their end. */
export async function keysView(app) {
  const listCall = { method: "GET", path: "keys" };
  const { body } = await callApi(app, listCall);
  const list = element("div", {}, keyTable(app, body.keys));
  const reload = (keys) => list.replaceChildren(keyTable(app, keys));
  const families = [...new Set(body.keys.map(({ alg }) => alg))];
  return [
    element("h1", { tabindex: -1 }, "Keys"),
    element("section", { "aria-label": "Keys" }, list, apiCall(app, () => listCall).box),
    rotateSection(app, { families, reload }),
    emergencySection(app, { families, reload }),
  ];
}

export function keyTable(app, keys) {
  const colors = { active: "good", published: "planned", compromised: "bad" };
  return dataTable(
    "Only an active key signs; a retired one verifies what it signed. Times are UTC.",
    ["Key", "State", "Published", "Signs from", "Signs until", "Removed", "Action"],
    keys.map((key) => [
      [`${key.alg} `, element("code", { class: "kid" }, key.kid)],
      element("span", { class: `badge ${colors[key.state] ?? "quiet"}` }, key.state),
      showTime(key.publishedAt),
      showTime(key.notBefore),
      showTime(key.retireAt),
      showTime(key.removeAt),
      key.state !== "compromised" && key.state !== "removed" &&
      button("Revoke…", () => revokeKey(app, key), "small danger"),
    ]),
  );
}

export function revokeKey(app, { kid, alg }) {
  const call = { method: "DELETE", path: `keys/${encodeURIComponent(kid)}` };
  confirmAction(app, {
    title: `Revoke ${alg} key ${kid.slice(0, 8)}… for ever?`,
    text:
      "It leaves the JWKS now. Every token that it signed is refused as soon as relying parties read the JWKS again.",
    ...{ typed: kid.slice(0, 8), verb: "Revoke the key", call },
    async act() {
      await callApi(app, call);
      app.tellNext(`Key ${kid.slice(0, 8)}… is revoked.`);
      await app.show("keys");
    },
  });
}

export function familyChoice(families) {
  return choice([["", "every algorithm"], ...families.map((alg) => [alg, alg])]);
}

export function rotateSection(app, { families, reload }) {
  const alg = familyChoice(families);
  const place = element("div", { role: "status" });
  const callOf = () => ({
    ...{ method: "POST", path: "keys/rotate" },
    body: alg.value ? { alg: alg.value } : {},
  });
  const shown = apiCall(app, callOf);
  alg.addEventListener("change", shown.refresh);
  const go = button("Rotate", () =>
    attempt(go, place, async () => {
      const { body } = await callApi(app, callOf());
      reload(body.keys);
      place.replaceChildren(rotated(body.rotated));
    }));
  return element(
    "section",
    { "aria-label": "Rotate" },
    element("h2", {}, "Rotate"),
    element(
      "p",
      {},
      "Starts the next rotation now, without a gap: the successor signs once every relying party can have read it. Signet does this by itself on time.",
    ),
    element("div", { class: "fields" }, field("Keys of", alg)),
    element("div", { class: "actions" }, go),
    place,
    shown.box,
  );
}

export function rotated(changes) {
  return element(
    "div",
    { class: "box good" },
    element("p", {}, element("strong", {}, "Rotation is under way.")),
    element(
      "ul",
      {},
      changes.map(({ alg, activatesAt }) =>
        element("li", {}, `${alg}: the next key signs from `, showTime(activatesAt), " UTC")
      ),
    ),
  );
}

export function emergencySection(app, { families, reload }) {
  const alg = familyChoice(families);
  const callOf = () => ({
    ...{ method: "POST", path: "keys/rotate" },
    body: { emergency: true, ...(alg.value && { alg: alg.value }) },
  });
  const ask = () => {
    const call = callOf();
    confirmAction(app, {
      title: `Emergency: give up the active key of ${alg.value || "every algorithm"}?`,
      text:
        "The spare signs from now on, the active key is marked as compromised. Every token signed until now is refused as soon as relying parties read the JWKS again.",
      ...{
        typed: app.settings.issuer.replace(/^https?:\/\//, ""),
        verb: "Give up the active key",
        call,
      },
      async act() {
        const { body } = await callApi(app, call);
        reload(body.keys);
        app.tell("The active key is given up; its spare signs.");
      },
    });
  };
  return element(
    "section",
    { "aria-label": "Emergency" },
    element("h2", {}, "Emergency"),
    element("p", {}, "Only when a private key may have leaked."),
    element("div", { class: "fields" }, field("Keys of", alg)),
    element("div", { class: "actions" }, button("Give up the active key…", ask, "danger")),
  );
}

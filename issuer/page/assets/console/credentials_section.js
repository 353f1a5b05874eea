import { copyText } from "../copy.js";
import { element } from "../element.js";
import { callApi } from "./call_api.js";
import { confirmAction } from "./confirm_action.js";
import {
  apiCall,
  attempt,
  button,
  choice,
  dataTable,
  field,
  showTime,
  textArea,
  textInput,
} from "./parts.js";
import { readable, readJson } from "./workload_form.js";

/** What a workload proves itself with at this issuer. */
export async function credentialsSection(page) {
  const { app, path, editable } = page;
  const listCall = { method: "GET", path: `${path}/credentials` };
  const list = element("div");
  const secret = element("div", { role: "status" });
  const reload = async () => {
    const { body } = await callApi(app, listCall);
    const shown = body.credentials.length > 0
      ? credentialTable({ ...page, reload }, body.credentials)
      : element(
        "p",
        {},
        "None. A trust rule makes one unnecessary where the platform gives tokens.",
      );
    list.replaceChildren(shown);
  };
  await reload();
  return element(
    "section",
    { "aria-label": "Credentials" },
    element("h2", {}, "Credentials"),
    list,
    apiCall(app, () => listCall).box,
    secret,
    editable && addCredentialForm({ ...page, reload }, secret),
  );
}

export function credentialTable({ app, path, editable, reload }, credentials) {
  const revoke = ({ id }) => {
    const call = { method: "DELETE", path: `${path}/credentials/${id}` };
    confirmAction(app, {
      title: "Revoke this credential?",
      text: `Whoever uses ${id} gets no further token. This cannot be taken back.`,
      ...{ verb: "Revoke", call },
      async act() {
        await callApi(app, call);
        await reload();
        app.tell(`Credential ${id} is revoked.`);
      },
    });
  };
  return dataTable(
    "Secrets are not shown again: the issuer keeps only their hashes. Times are UTC.",
    ["Credential", "Kind", "For", "Made", "Expires", "Action"],
    credentials.map((credential) => [
      element("code", {}, credential.id),
      credential.type === "public_key" ? "public key" : "request token",
      credential.audiences?.join(", ") ?? "all its audiences",
      showTime(credential.createdAt),
      showTime(credential.expiresAt),
      editable && button("Revoke", () => revoke(credential), "small danger"),
    ]),
  );
}

export function addCredentialForm({ app, path, reload }, secret) {
  const kind = choice([
    ["request_token", "Request token (a secret)"],
    ["public_key", "Public key (private_key_jwt)"],
  ]);
  const days = textInput({ type: "number", min: 1, max: 365, value: 90 });
  const deployment = textInput();
  const audiences = textInput();
  const jwk = textArea({
    class: "mono",
    placeholder: '{"kty":"EC","crv":"P-256","x":"…","y":"…"}',
  });
  const key = field("Public JWK", jwk, "The public half only");
  key.hidden = true;
  const callOf = () => {
    const named = audiences.value.split(/[\s,]+/).filter((part) => part);
    const body = {
      type: kind.value,
      expiresIn: Math.round(Number(days.value) * 86400),
      deployment: deployment.value.trim() || undefined,
      audiences: named.length > 0 ? named : undefined,
      jwk: kind.value === "public_key" ? readJson(jwk.value, "/jwk") : undefined,
    };
    return { method: "POST", path: `${path}/credentials`, body };
  };
  const shown = apiCall(app, () => readable(callOf));
  const place = element("div");
  const go = element("button", {}, "Add the credential");
  return element(
    "form",
    {
      oninput: () => {
        key.hidden = kind.value !== "public_key";
        shown.refresh();
      },
      onsubmit: (event) => {
        event.preventDefault();
        attempt(go, place, async () => {
          const { body } = await callApi(app, callOf());
          await reload();
          if (body.secret) showSecret(secret, body);
          else app.tell("The public key is registered.");
        });
      },
    },
    element("h3", {}, "Add a credential"),
    element(
      "div",
      { class: "fields" },
      field("Kind", kind),
      field("Days until it expires", days),
      field("Deployment", deployment, "Optional: stands in the subject of its tokens"),
      field("Audiences", audiences, "Optional: fewer than the workload's, separated by commas"),
      key,
    ),
    place,
    element("div", { class: "actions" }, go),
    shown.box,
  );
}

/** The only time that a secret is seen; it leaves the page with a click. */
export function showSecret(place, { id, secret }) {
  const text = element("pre", { tabindex: 0, role: "region", "aria-label": "Secret" }, secret);
  const card = element(
    "div",
    { class: "box good" },
    element("p", {}, element("strong", {}, "Store this secret now: it is shown once.")),
    element(
      "div",
      { class: "copyable wrap" },
      text,
      copyText(() => text.textContent, "Secret"),
    ),
    element(
      "p",
      {},
      "The program reads it from SIGNET_REQUEST_TOKEN. Credential ",
      element("code", {}, id),
      ".",
    ),
    button("I have stored it", () => place.replaceChildren()),
  );
  place.replaceChildren(card);
  card.scrollIntoView({ block: "nearest" });
}

import { decodeToken } from "./decode_token.js";
import { element } from "./element.js";
import { explainClaim } from "./explain_claim.js";
import { verifyToken } from "./verify_token.js";

/** Decodes, verifies and explains; the parts to show. */
export async function inspectToken(text, context) {
  const decoded = decodeToken(text);
  if (decoded.fault) return { verdict: { state: "invalid", text: decoded.fault } };
  return { verdict: await verifyToken(decoded, context), decoded };
}

/** Header and claims as tables. */
export function showToken({ header, claims }, now) {
  const table = (caption, members) =>
    element(
      "table",
      { class: "stack" },
      element("caption", {}, caption),
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          ["Name", "Value", "Meaning"].map((name) => element("th", { scope: "col" }, name)),
        ),
      ),
      element(
        "tbody",
        {},
        Object.entries(members).map(([name, value]) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, element("code", {}, name)),
            element(
              "td",
              {},
              element("code", {}, typeof value === "string" ? value : JSON.stringify(value)),
            ),
            element("td", {}, explainClaim(name, value, now)),
          )
        ),
      ),
    );
  return [table("Claims", claims), table("Header", header)];
}

/** Reads the text area, and shows; all stays in this page. */
export function startInspector(box) {
  if (!box) return;
  const [token, verdict, claims] = ["token", "verdict", "claims"].map((id) =>
    document.getElementById(id)
  );
  const { issuer, jwks } = box.dataset;
  const readKeys = async () => {
    const response = await fetch(jwks, { credentials: "omit", redirect: "error" });
    if (!response.ok) throw new Error("no keys");
    return (await response.json()).keys;
  };
  let latest = 0;
  const show = async () => {
    const turn = ++latest;
    const text = token.value;
    if (text.trim() === "") return void [verdict, claims].forEach((part) => part.replaceChildren());
    const now = Date.now();
    const result = await inspectToken(text, { issuer, readKeys, now });
    // Somebody typed on meanwhile.
    if (turn !== latest) return;
    const { state, text: words } = result.verdict;
    const [color, title] = {
      valid: ["good", "Valid."],
      invalid: ["bad", "Not valid."],
      unknown: ["warn", "Not verified."],
    }[state];
    const strong = element("strong", {}, title);
    verdict.replaceChildren(
      element("div", { class: `box ${color}` }, element("p", {}, strong, " ", words)),
    );
    claims.replaceChildren(...(result.decoded ? showToken(result.decoded, now) : []));
  };
  token.addEventListener("input", show);
  document.getElementById("token-clear").addEventListener("click", () => {
    token.value = "";
    token.focus();
    show();
  });
  // A browser may fill the field again after a reload.
  token.value = "";
  box.hidden = false;
}

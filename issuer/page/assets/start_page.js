import { addCopyButtons } from "./copy.js";
import { startInspector } from "./inspector.js";

/** What the status page and "Trust this issuer" do beyond what their HTML does. */
export function startPage() {
  addCopyButtons(document);
  startInspector(document.getElementById("inspector"));
}

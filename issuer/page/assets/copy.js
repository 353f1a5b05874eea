import { element } from "./element.js";

/** A button that copies what `read` gives; says so where a screen reader hears it. */
export function copyText(read, label) {
  const button = element("button", { type: "button", class: "small" }, "Copy");
  button.setAttribute("aria-label", `Copy: ${label}`);
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(read());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy";
    }
    setTimeout(() => button.textContent = "Copy", 2500);
  });
  return button;
}

/** Gives every text block its button. */
export function addCopyButtons(root) {
  for (const box of root.querySelectorAll(".copyable")) {
    const text = box.querySelector("pre");
    box.append(copyText(() => text.textContent, text.getAttribute("aria-label")));
  }
}

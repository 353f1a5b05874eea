/**
 * Makes an element. Children are elements or text, never HTML; `on…` members become listeners.
 * There is no `style` and no `on…` attribute: the page's policy would refuse both.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  const shown = children.flat(3).filter((child) => child !== undefined && child !== false);
  made.append(...shown.map((child) => child instanceof Node ? child : String(child)));
  return made;
}

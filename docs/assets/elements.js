// Elements that scripts make, and texts with places that are filled in: whatever comes in is text, no markup is made of it.

/** An element with attributes and children; a child that is no element is text, null is none. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A text with its {places} filled in. */
export const filledIn = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

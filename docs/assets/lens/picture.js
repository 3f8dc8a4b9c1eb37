// The picture as a file, where it is that of another release: published are those of the newest alone.

const COLOURS = ["fill", "stroke"];
const LOOKS = ["stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor"];
const SCHEMES = { light: "default", dark: "slate" }; // what the theme calls them

/** Writes any colour on a page of another as each program reads it: `color-mix` and what shines through, browsers alone do. */
class Ink {
  #canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  #page;

  constructor(page) {
    this.#page = page;
  }

  of(colour) {
    if (colour === "none") return colour;
    for (const one of [this.#page, colour]) {
      this.#canvas.fillStyle = one;
      this.#canvas.fillRect(0, 0, 1, 1);
    }
    return `rgb(${this.#canvas.getImageData(0, 0, 1, 1).data.slice(0, 3).join(", ")})`;
  }
}

const set = (element, values) => Object.entries(values).forEach(([name, value]) => element.setAttribute(name, value));

/** The text of a file with what `svg` shows, in the colours of `scheme` and without links: from a file nothing leads on. */
function drawn(svg, scheme) {
  const room = document.createElement("div");
  room.dataset.mdColorScheme = SCHEMES[scheme];
  room.hidden = true;
  const copy = svg.cloneNode(true);
  const { width, height } = svg.viewBox.baseVal;
  const page = document.createElementNS(copy.namespaceURI, "rect");
  set(page, { width, height });
  page.style.fill = "var(--page)";
  copy.querySelector("desc").after(page);
  room.append(copy);
  svg.parentElement.append(room); // what it looks like depends on where it stands
  const ink = new Ink(getComputedStyle(page).fill);
  for (const element of copy.querySelectorAll("rect, path, polygon, circle, text")) {
    const style = getComputedStyle(element);
    for (const name of COLOURS) element.setAttribute(name, ink.of(style.getPropertyValue(name)));
    for (const name of LOOKS) element.setAttribute(name, style.getPropertyValue(name));
  }
  room.remove();
  page.removeAttribute("style");
  for (const element of [copy, ...copy.querySelectorAll("[class]")]) element.removeAttribute("class");
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  set(copy, { role: "img", width, height });
  return new XMLSerializer().serializeToString(copy);
}

/** Saves the picture beside `link` as it is shown, in the colours of the file that the link leads to, named by the release. */
export function save(link, version) {
  const scheme = link.pathname.endsWith("-dark.svg") ? "dark" : "light";
  const svg = link.closest(".map").querySelector(".machine-map");
  const href = URL.createObjectURL(new Blob([drawn(svg, scheme), "\n"], { type: "image/svg+xml" }));
  const download = link.pathname.split("/").at(-1).replace(/\.svg$/, `-${version}.svg`);
  Object.assign(document.createElement("a"), { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // it is saved by then
}

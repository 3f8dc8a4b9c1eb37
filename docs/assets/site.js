const siteScript = document.currentScript.src;

// What an address names, as the text that stands there.
const namedPlace = () => {
  const [hash] = location.hash.slice(1).split(":~:"); // text to search for, where a browser leaves it there
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash; // written by hand
  }
};

// An address that names a part which is folded opens it, and whatever it lies in.
const openNamed = () => {
  const hash = namedPlace();
  const named = document.getElementById(hash) ?? document.getElementById(hash.split("/")[0]); // a cell of a matrix
  let closed = named && named.closest("details:not([open])");
  if (!closed) return;
  for (; closed; closed = named.closest("details:not([open])")) closed.open = true;
  named.scrollIntoView();
};
addEventListener("hashchange", openNamed);
document.addEventListener("DOMContentLoaded", openNamed);

// An address that names nothing of the page is told, once the release that is looked at is shown. What names a cell of a
// matrix is told beside the matrix; "top" is every page's, and names with two underscores are Material's own.
const isLost = (name) => {
  if (!name || name === "top" || name.startsWith("__") || document.getElementById(name)) return false;
  const [grid, ...cell] = name.split("/");
  return !cell.length || !document.querySelector(`.matrix[aria-labelledby="${CSS.escape(grid)}"]`);
};
const tellOfLost = async () => {
  const name = namedPlace();
  const lost = isLost(name) ? name : null;
  if (lost || document.querySelector(".lost")) (await import(new URL("fragment.js", siteScript))).tellOfLost(lost);
};
addEventListener("hashchange", () => {
  if (isLost(namedPlace())) scrollTo(0, 0);
  tellOfLost();
});
document.addEventListener(document.querySelector("[data-lens]") ? "lens" : "DOMContentLoaded", tellOfLost);

// The language switch keeps the place: what was asked of the lookup, and the heading.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-translation]");
  if (link) {
    link.search = location.search;
    link.hash = location.hash;
  }
});

// The search is loaded when it is first opened: by a click, by a key, or by an address that asks something.
const search = document.querySelector("[data-search]");
if (search) {
  const input = search.querySelector("input");
  const opener = document.getElementById("__search");
  const script = new URL("search/box.js", siteScript);
  let isOpened = false;
  const openSearch = async () => {
    if (isOpened) return;
    isOpened = true;
    try {
      (await import(script)).startSearch(search);
    } catch {
      isOpened = false; // not reachable now: the next opening tries again
    }
  };
  input.addEventListener("focus", openSearch);
  opener.addEventListener("change", openSearch);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === input) input.blur();
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (isTyping || opener.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!["/", "s", "f"].includes(event.key)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    input.value = asked;
    openSearch();
  }
}

// What Material's script adds to a page without a name: the frame of the button that copies a block of code, which is no
// landmark; and the frame of a table, which has to be reached by a key where it scrolls.
const article = document.querySelector("article");
if (article) {
  const frames = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const headings = [...article.querySelectorAll(":is(h1, h2, h3, h4)[id]")];
  const nameFrame = (frame) => {
    const isBefore = (heading) => heading.compareDocumentPosition(frame) & Node.DOCUMENT_POSITION_FOLLOWING;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-labelledby", headings.findLast(isBefore)?.id ?? "");
    frames.observe(frame);
  };
  new MutationObserver((changes) => {
    for (const added of changes.flatMap((change) => [...change.addedNodes])) {
      if (!(added instanceof Element)) continue;
      if (added.matches(".md-code__nav")) added.setAttribute("role", "none");
      if (added.matches(".md-typeset__scrollwrap")) nameFrame(added);
    }
  }).observe(article, { childList: true, subtree: true });
}

// Scripts of a part come where the part is.
for (const [part, script] of [["[data-lens]", "lens.js"], [".matrix", "matrix.js"], ["form[data-lookup]", "lookup.js"], ["[data-compared]", "compare.js"]]) {
  if (document.querySelector(part)) import(new URL(script, siteScript));
}

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
  const script = new URL("search/box.js", document.currentScript.src);
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

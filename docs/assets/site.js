// The language switch keeps the place: what was asked of the lookup, and the heading.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-twin]");
  if (link) {
    link.search = location.search;
    link.hash = location.hash;
  }
});

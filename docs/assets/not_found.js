// The page for addresses that do not exist is shown at any of them: its links begin where this script was found. In a
// function, as the page tries several places and may find it at more than one.
(({ currentScript }) => {
  for (const link of document.links) link.href = new URL(`../${link.hreflang}/`, currentScript.src);
})(document);

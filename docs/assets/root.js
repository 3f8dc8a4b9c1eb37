// The root goes on to the reader's language, or to English; what was asked goes along.
const known = [...document.querySelectorAll("section[lang]")].map((section) => section.lang);
const wanted = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((code) => known.includes(code));
location.replace(`${wanted ?? "en"}/${location.search}${location.hash}`);

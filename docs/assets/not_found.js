// The page for addresses that do not exist is shown at any of them: its links begin where this script was found, and
// what the address may have meant is looked for in the sitemap. In a function, as the page tries several places and may
// find it at more than one.
(({ currentScript }) => {
  const site = new URL("../", currentScript.src);
  for (const link of document.links) link.href = new URL(`${link.hreflang}/${link.dataset.to ?? ""}`, site);
  if (document.documentElement.dataset.guessing) return;
  document.documentElement.dataset.guessing = "yes";

  const read = (name) => {
    try {
      return decodeURIComponent(name);
    } catch {
      return name; // written by hand
    }
  };
  const plain = (name) =>
    read(name).toLowerCase().replace(/\.(html?|md)$/, "").replace(/[^\p{L}\p{N}]/gu, "");

  /** How many letters have to change to make one word the other. */
  const distance = (one, other) => {
    let before = [...other, ""].map((_, place) => place);
    for (const [row, letter] of [...one].entries()) {
      const here = [row + 1];
      for (const [place, mine] of [...other].entries()) {
        here.push(Math.min(before[place + 1] + 1, here[place] + 1, before[place] + (letter === mine ? 0 : 1)));
      }
      before = here;
    }
    return before.at(-1);
  };

  const wanted = plain(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
  const far = Math.max(1, Math.floor(wanted.length / 3));
  const isPart = (name) => wanted.length > 3 && name.includes(wanted) && name !== wanted;
  const offer = (section, pages) => {
    const found = pages
      .filter(([language]) => language === section.lang)
      .map(([, path]) => [path, plain(path.split("/").filter(Boolean).at(-1) ?? "")])
      .map(([path, name]) => [path, isPart(name) ? 1 : distance(wanted, name)])
      .filter(([path, changes]) => path && changes <= far)
      .sort(([, one], [, other]) => one - other)
      .slice(0, 5);
    if (!found.length) return;
    const guesses = section.querySelector("[data-guesses]");
    for (const [path] of found) {
      const link = document.createElement("a");
      link.href = new URL(`${section.lang}/${path}`, site);
      link.textContent = decodeURIComponent(path.replace(/\/$/, "").replace("/", " "));
      guesses.append(link, " ");
    }
    guesses.hidden = false;
  };

  if (!wanted) return;
  fetch(new URL("sitemap.xml", site)).then((answer) => (answer.ok ? answer.text() : "")).then((text) => {
    const sections = [...document.querySelectorAll("section[lang]")];
    const languages = sections.map((section) => section.lang).join("|");
    const pages = [...text.matchAll(new RegExp(`<loc>[^<]*?/(${languages})/([^<]*)</loc>`, "g"))];
    for (const section of sections) offer(section, pages.map(([, language, path]) => [language, path]));
  }).catch(() => {}); // without the sitemap the links above remain
})(document);

// The search box: opens, asks the worker as one types, shows cards. Loaded by site.js when the box is first opened; the
// worker and the index are loaded by this. Its markup is templates/theme/partials/search_box.html.

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

export function startSearch(root) {
  const toggle = document.getElementById("__search");
  const input = root.querySelector("input");
  const meta = root.querySelector(".md-search-result__meta");
  const list = root.querySelector(".md-search-result__list");
  const { index, home, waiting, empty, failed } = root.dataset;
  let worker = null;
  let words = null; // of the interface, once the worker is ready
  let asked = "";

  function open(isOpen) {
    if (toggle.checked !== isOpen) toggle.click();
    if (isOpen) load();
    else input.blur();
  }

  async function load() {
    if (worker) return;
    meta.textContent = waiting;
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.addEventListener("message", receive);
    worker.addEventListener("error", fail);
    try {
      const response = await fetch(index);
      if (!response.ok) throw new Error(`${response.status} ${index}`);
      worker.postMessage({ type: SETUP, data: { config: {}, docs: await response.json() } });
    } catch {
      fail();
    }
  }

  function fail() {
    meta.textContent = failed;
    worker?.terminate();
    worker = null; // the next opening tries again
  }

  function receive({ data: { type, data } }) {
    if (type === READY) {
      words = data;
      meta.textContent = empty;
      ask();
    } else if (type === RESULT && asked) show(data);
  }

  function ask() {
    const question = input.value.trim();
    if (!words || question === asked) return;
    asked = question;
    if (question) worker.postMessage({ type: QUERY, data: question });
    else {
      list.replaceChildren();
      meta.textContent = empty;
    }
  }

  function show({ items, nothing, offer, lookup }) {
    list.replaceChildren(...items.map(card));
    meta.replaceChildren();
    if (nothing) meta.append(words.nothing, " ", link(lookup, words.lookup));
    else if (offer) meta.append(link(offer, words.offer));
    else meta.append(words.count.replace("{count}", items.length));
    list.parentElement.closest(".md-search__scrollwrap").scrollTop = 0;
  }

  function link(location, text) {
    const found = document.createElement("a");
    found.href = new URL(location, new URL(home, document.baseURI));
    found.textContent = text;
    return found;
  }

  function card(items) {
    const found = document.createElement("li");
    found.className = "md-search-result__item";
    found.append(...items.map(result));
    return found;
  }

  function result({ location, title, text, score, kind, why }, place) {
    const found = link(location, "");
    found.className = "md-search-result__link";
    found.tabIndex = -1;
    const article = document.createElement("article");
    article.className = "md-search-result__article md-typeset";
    article.dataset.mdScore = score.toFixed(2);
    // Title and text are HTML that the worker has escaped.
    article.innerHTML = `${place ? `<h2>${title}</h2>` : `<h1>${title}</h1>`}${text}`;
    const chip = document.createElement("span");
    chip.className = "search-kind";
    chip.textContent = kind;
    article.firstElementChild.prepend(chip, " ");
    if (why) {
      const reason = document.createElement("span");
      reason.className = "search-why";
      reason.textContent = `= ${why}`;
      article.firstElementChild.append(" ", reason);
    }
    found.append(article);
    return found;
  }

  function move(step) {
    const stops = [input, ...root.querySelectorAll(".md-search-result a")];
    const place = Math.max(0, stops.indexOf(document.activeElement));
    stops[(place + step + stops.length) % stops.length].focus();
  }

  function press(event) {
    if (!toggle.checked || event.isComposing) return;
    if (event.key === "Escape" || event.key === "Tab") open(false);
    else if (event.key in MOVES) {
      event.preventDefault();
      move(MOVES[event.key]);
    } else if (event.key === "Enter" && document.activeElement === input) {
      event.preventDefault();
      list.querySelector("a")?.click();
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) input.focus();
  }

  input.addEventListener("focus", () => open(true));
  for (const change of ["input", "keyup", "compositionend"]) input.addEventListener(change, ask);
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  root.querySelector("form").addEventListener("reset", () => setTimeout(() => {
    ask();
    input.focus();
  }));
  root.addEventListener("click", (event) => event.target.closest("a") && open(false));
  toggle.addEventListener("change", () => (toggle.checked ? input.focus() : input.blur()));
  document.addEventListener("keydown", press);
  // Whoever pressed Escape while this was loading has left the box already.
  if (toggle.checked || input.value || document.activeElement === input) {
    open(true);
    input.focus();
  }
}

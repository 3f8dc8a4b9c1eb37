// An address may name a place that its page does not have: one line says so, and the page is shown from its beginning.

const WORDS = {
  ko: (name) => `이 페이지에는 ‘${name}’ 위치가 없어서 페이지의 처음을 보여 줍니다.`,
  en: (name) => `There is no “${name}” on this page: it is shown from its beginning.`,
};

const say = WORDS[document.documentElement.lang] ?? WORDS.en;

const LONG = 80;

/** Says that there is no place of this name, or (null) nothing any more. */
export function tellOfLost(name) {
  document.querySelector(".lost")?.remove();
  if (name === null) return;
  const line = document.createElement("p");
  line.className = "lost";
  line.setAttribute("role", "status");
  line.textContent = say(name.length > LONG ? `${name.slice(0, LONG)}…` : name);
  document.querySelector("article").prepend(line);
}

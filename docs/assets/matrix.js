// A box above each large matrix narrows its rows and columns to those whose heads hold one of the words typed.
// Words that no row holds leave the rows alone, and likewise the columns: "stop" narrows rows, "stop error" both.

const FEW = 8;
const WORDS = {
  ko: { label: "행과 열 거르기", example: "예: stop error" },
  en: { label: "Filter rows and columns", example: "such as: stop error" },
};

function narrow(heads, words) {
  const holds = (head) => words.some((word) => head.textContent.toLowerCase().includes(word));
  const found = heads.map(holds);
  return found.includes(true) ? found : found.map(() => true);
}

function addFilter(frame) {
  const columns = [...frame.querySelectorAll("thead th")];
  const rows = [...frame.querySelectorAll("tbody tr")];
  if (rows.length <= FEW && columns.length <= FEW) return;
  const { label, example } = WORDS[document.documentElement.lang] ?? WORDS.en;
  const box = document.createElement("input");
  Object.assign(box, { type: "search", className: "matrix-filter", placeholder: `${label} (${example})` });
  box.setAttribute("aria-label", label);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shownRows = narrow(rows.map((row) => row.cells[0]), words);
    const shownColumns = narrow(columns, words);
    columns.forEach((column, place) => (column.hidden = !shownColumns[place]));
    rows.forEach((row, place) => {
      row.hidden = !shownRows[place];
      [...row.cells].slice(1).forEach((cell, column) => (cell.hidden = !shownColumns[column]));
    });
  });
  frame.before(box);
}

document.querySelectorAll(".matrix").forEach(addFilter);

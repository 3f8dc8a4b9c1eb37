// The words that the scripts of matrices add to a page.
const WORDS = {
  ko: {
    label: "행과 열 거르기",
    example: "예: stop error",
    open: "페이지 열기",
    address: "이 칸의 주소",
    lost: "이 페이지에는 이런 칸이 없습니다: ",
  },
  en: {
    label: "Filter rows and columns",
    example: "such as: stop error",
    open: "Open the page",
    address: "Address of this cell",
    lost: "There is no such cell on this page: ",
  },
};

export const words = WORDS[document.documentElement.lang] ?? WORDS.en;

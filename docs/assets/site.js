// The language switch keeps the place: what was asked of the lookup, and the heading.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-twin]");
  if (link) {
    link.search = location.search;
    link.hash = location.hash;
  }
});

// The search takes each word as typed. Words that every page has, quotes, and the dashes of an option (which would mean
// "without this word") are left out of a question before it reaches Material's worker (message type 2: a query).
const FILLERS = new Set(
  (
    "a an and are at be between by can cannot could do does for from get gets has have how i if in is it its itself me " +
    "my of or our so that the then there this to use was we what when where which while who why will with you your " +
    "instance instances server servers 인스턴스 인스턴스가 인스턴스를 인스턴스의 서버 서버가 서버를 서버의 상태에서 방법"
  ).split(" "),
);

function askable(question) {
  const words = question.split(/\s+/).map((word) => word.replace(/^["'(+\-]+|["'),.?!]+$/g, ""));
  const telling = words.filter((word) => word && !FILLERS.has(word.toLowerCase()));
  return (telling.length ? telling : words).join(" ");
}

const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, ...rest) {
  const isQuery = message?.type === 2 && typeof message.data === "string";
  return postMessage.call(this, isQuery ? { ...message, data: askable(message.data) } : message, ...rest);
};

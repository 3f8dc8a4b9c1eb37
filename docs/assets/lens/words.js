// The words that the lens adds to a page.
const WORDS = {
  ko: {
    release: "릴리스",
    life({ phase, date, isPlanned, hasCome }) {
      if (phase === "maintained") return "유지 관리 중, 종료일 미정";
      if (phase === "end of life") return hasCome && !isPlanned ? `${date} 지원 종료` : `${date} 지원 종료 예정${hasCome ? "(날짜 지남)" : ""}`;
      if (!isPlanned) return date ? `${date}부터 Nova 팀이 유지 관리하지 않음` : "Nova 팀이 유지 관리하지 않음";
      return `${date}까지 유지 관리 예정${hasCome ? "(날짜 지남)" : ""}`;
    },
    looking: (series, version) => `Nova ${version} (${series}) 기준`,
    chosen: (series, version) => `Nova ${version} (${series}) 선택됨`,
    prose: (newest) => `이 글은 릴리스를 따로 말하지 않으면 ${newest} 기준입니다.`,
    home: (newest) => `상태 진단과 그림은 이 릴리스 기준입니다. 나머지는 ${newest} 기준입니다.`,
    waiting: (version) => `Nova ${version} 데이터를 불러오는 중`,
    same: (newest) => `이 페이지의 내용은 ${newest}과 같습니다.`,
    alike: (newest) => `이 페이지의 내용은 ${newest}과 같고, 소스의 위치나 실행해 확인했는지만 다릅니다.`,
    marked: (newest) => `색을 칠한 줄은 ${newest}에 없습니다. `,
    known: ["실행해 확인함", "소스에서 읽었습니다."],
    differs: (newest, count) => `${newest}과 다른 부분 ${count}곳: `,
    part: "제목 없는 부분",
    nothing: "해당 없음",
    missing: (version, newest) => `Nova ${version}에는 이 항목이 없어서 ${newest} 기준으로 보여 줍니다.`,
    fixed: (newest) => `이 페이지는 ${newest} 기준으로만 볼 수 있습니다.`,
    lines: "소스 링크는 내용이 같은 다른 릴리스의 줄일 수 있습니다.",
    compare: "두 릴리스 비교",
    unknown: (word) => `‘${word}’ 릴리스를 찾을 수 없어서 최신 릴리스를 보여 줍니다.`,
    stale: (word) => `전에 고른 ‘${word}’ 릴리스가 더 이상 없어서 최신 릴리스를 보여 줍니다.`,
    failed: (version) => `Nova ${version} 데이터를 불러오지 못해서 최신 릴리스를 보여 줍니다.`,
  },
  en: {
    release: "Release",
    life({ phase, date, isPlanned, hasCome }) {
      const passed = hasCome ? ", a date that has passed" : "";
      if (phase === "maintained") return "maintained, no end announced";
      if (phase === "end of life") return isPlanned ? `end of life planned for ${date}${passed}` : `end of life ${hasCome ? "since" : "on"} ${date}`;
      if (!isPlanned) return `not maintained by the Nova team${date ? ` since ${date}` : ""}`;
      return `maintained until ${date}, as planned${passed}`;
    },
    looking: (series, version) => `As of Nova ${version} (${series})`,
    chosen: (series, version) => `Nova ${version} (${series}) is chosen`,
    prose: (newest) => `Where this text names no release, it speaks of ${newest}.`,
    home: (newest) => `The lookup answers for it and the picture shows it; all else here is of ${newest}.`,
    waiting: (version) => `Loading Nova ${version}`,
    same: (newest) => `What this page says is the same in ${newest}.`,
    alike: (newest) => `What this page says is the same in ${newest}; only where the source says it, or whether it was seen running, differs.`,
    marked: (newest) => `Tinted rows are not in ${newest}. `,
    known: ["seen running", "Read from the source."],
    differs: (newest, count) => `${count === 1 ? "One part differs" : `${count} parts differ`} from ${newest}: `,
    part: "a part without a heading",
    nothing: "nothing here",
    missing: (version, newest) => `Nova ${version} does not have this; it is shown for ${newest}.`,
    fixed: (newest) => `This page is shown for ${newest} only.`,
    lines: "Lines of the source may be those of another release with the same facts.",
    compare: "Compare the two releases",
    unknown: (word) => `There is no release “${word}”: the newest is shown.`,
    stale: (word) => `The release “${word}” that was chosen before is no longer there: the newest is shown.`,
    failed: (version) => `What Nova ${version} says could not be loaded: the newest release is shown.`,
  },
};

export const words = WORDS[document.documentElement.lang] ?? WORDS.en;

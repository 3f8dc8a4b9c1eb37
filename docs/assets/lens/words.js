// The words that the lens adds to a page.
const WORDS = {
  ko: {
    release: "릴리스",
    end: (date, isOver) => (isOver ? `${date} 지원 종료` : `${date} 지원 종료 예정`),
    unmaintained: "Nova 팀이 유지 관리하지 않음",
    looking: (series, version) => `Nova ${version} (${series}) 기준`,
    waiting: (version) => `Nova ${version} 데이터를 불러오는 중`,
    same: (newest) => `이 페이지의 내용은 ${newest}과 같습니다.`,
    differs: (newest, count) => `${newest}과 다른 부분 ${count}곳: `,
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
    end: (date, isOver) => (isOver ? `end of life since ${date}` : `end of life on ${date}`),
    unmaintained: "no longer maintained by the Nova team",
    looking: (series, version) => `As of Nova ${version} (${series})`,
    waiting: (version) => `Loading Nova ${version}`,
    same: (newest) => `What this page says is the same in ${newest}.`,
    differs: (newest, count) => `${count === 1 ? "One part differs" : `${count} parts differ`} from ${newest}: `,
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

// The releases that there are: series with their versions, oldest first.

export class Releases {
  constructor({ series }) {
    this.series = series;
    this.versions = series.flatMap(({ versions }) => versions);
    this.newest = this.versions.at(-1);
  }

  place(version) {
    return this.versions.indexOf(version);
  }

  seriesOf(version) {
    return this.series.find(({ versions }) => versions.includes(version));
  }

  /** The version that a word means: "13.1.4", "mitaka", "2026.1", "13" or "latest"; null where it means none. */
  find(word) {
    const name = word.trim().toLowerCase();
    if (name === "latest") return this.newest;
    if (this.versions.includes(name)) return name;
    const series = this.series.find((one) => [one.name, one.codename].includes(name));
    if (series) return series.versions.at(-1);
    return this.versions.findLast((version) => version.startsWith(`${name}.`)) ?? null;
  }

  /** What people call a series: "Train", "2026.1 Gazpacho". */
  nameOf({ name, codename }) {
    const title = codename[0].toUpperCase() + codename.slice(1);
    return name === codename ? title : `${name} ${title}`;
  }

  /**
   * How far a series is in its life: what comes or came, at which date (null: nobody said), whether that is only planned,
   * and whether the date has come. Judged where it is read, as a page may be older than a date.
   */
  lifeOf({ eol, unmaintained, planned, status }) {
    const told = eol ? { phase: "end of life", date: eol } : status === "unmaintained" ? { phase: status, date: unmaintained } : null;
    const life = told ?? { phase: planned?.status ?? "maintained", date: planned?.date ?? null, isPlanned: Boolean(planned) };
    return { isPlanned: false, ...life, hasCome: Boolean(life.date) && life.date <= new Date().toISOString().slice(0, 10) };
  }
}

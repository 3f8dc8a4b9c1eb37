// The lookup on the home page and at /lookup/: what is pasted or chosen goes in, the answer comes out, all in the page.
// The address carries the states and nothing else of a paste, so that an answer can be sent.

import { explainShared, findVersion, ownOf, present, situationKey, View } from "./lookup/answering.js";
import { valuesOf } from "./lookup/filling.js";
import { joinRecords } from "./lookup/joining.js";
import { readReports } from "./lookup/reading/reader.js";
import { fold, newReport, reportOf, Vocabulary } from "./lookup/report.js";
import { element, Writer } from "./lookup/showing.js";

const STATES = ["vm_state", "task_state", "power_state"];
const NO_TASK = "none";
const TYPING = 150;
const RECORDS_SHOWN = 40;

class Lookup {
  constructor(form) {
    this.form = form;
    // It has no name: whatever happens to the form, what is pasted is no part of a request.
    this.paste = form.querySelector("textarea");
    this.headline = form.querySelector("[data-lookup-headline]");
    this.output = form.querySelector("[data-lookup-answer]");
    this.root = new URL(form.dataset.root, location.href).href;
    this.reports = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.read();
    });
    form.addEventListener("reset", () => setTimeout(() => this.show(null)));
    this.paste.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.paste.value.trim() ? this.read() : this.choose()), TYPING);
    });
    for (const name of STATES) form.elements[name].addEventListener("change", () => this.choose());
    form.elements.release.addEventListener("change", () => this.show(this.reports));
    this.load();
  }

  async load() {
    this.headline.textContent = this.form.dataset.loading;
    try {
      const { tables, messages } = this.form.dataset;
      this.tables = await fetchJson(tables);
      this.texts = this.tables.texts;
      this.vocabulary = new Vocabulary(this.tables);
      if (!this.paste.value.trim()) {
        this.headline.textContent = "";
        this.readAddress();
      }
      // Only a paste needs them: an address and the lists are answered while they are on their way.
      this.messages = await fetchJson(messages);
    } catch {
      this.headline.textContent = this.form.dataset.failed;
      return;
    }
    this.vocabulary = new Vocabulary(this.tables, this.messages);
    this.form.dataset.ready = "";
    if (this.paste.value.trim()) this.read();
  }

  /** Answer what is pasted; without a paste, what is chosen. */
  read() {
    if (!this.tables) return;
    if (!this.paste.value.trim()) {
      this.choose();
      if (!this.reports) this.headline.textContent = this.texts.words.problem_empty;
      return;
    }
    if (!this.messages) {
      this.headline.textContent = this.form.dataset.loading;
      return;
    }
    const found = readReports(this.paste.value, this.vocabulary);
    if (found.problem) {
      const { words } = this.texts;
      const nearest = found.nearest.length ? ` ${words.nearest.replace("{words}", () => found.nearest.join(", "))}` : "";
      this.show(null);
      this.headline.textContent = words[found.problem].replaceAll("`", "") + nearest;
      return;
    }
    this.show(found.reports);
    if (found.reports.length === 1) this.chooseAs(this.answers[0]);
  }

  /** Answer what is chosen from the lists; a paste would contradict it. */
  choose() {
    if (!this.tables) return;
    const chosen = STATES.map((name) => [name, this.form.elements[name].value]).filter(([, value]) => value);
    this.paste.value = "";
    this.show(chosen.length ? [reportOf(chosen)] : null);
  }

  /** Set the lists to what an answer is about. */
  chooseAs(answer) {
    if (!("vm_state" in answer)) return;
    const power = answer.power_state === null ? "" : String(answer.power_state);
    const values = { vm_state: answer.vm_state ?? "", task_state: answer.task_state ?? "", power_state: power };
    if (answer.vm_state !== null && answer.task_state === null) values.task_state = NO_TASK;
    for (const [name, value] of Object.entries(values)) {
      const list = this.form.elements[name];
      list.value = [...list.options].some((option) => option.value === value) ? value : "";
    }
  }

  readAddress() {
    const asked = new URLSearchParams(location.search);
    const version = asked.has("release") ? findVersion(this.tables, asked.get("release")) : null;
    if (version) this.selectRelease(version);
    const told = [...STATES, "status"].filter((name) => asked.has(name)).map((name) => [name, asked.get(name)]);
    if (asked.get("launched") === "no") told.push(["launched_at", null]);
    const action = asked.get("action");
    const known = action && this.vocabulary.actions.has(fold(action));
    if (!told.length && !known) return;
    const report = reportOf(told) ?? newReport();
    const refusal = STATES.slice(0, 2).find((name) => report[name] !== null);
    if (known) {
      report.asked = { action, attribute: asked.has("status") ? null : refusal ?? null, value: report[refusal] ?? null };
    }
    this.show([report]);
    this.chooseAs(this.answers[0]);
  }

  selectRelease(version) {
    const list = this.form.elements.release;
    if (![...list.options].some((option) => option.value === version)) {
      list.append(element("option", { value: version }, version));
    }
    list.value = version;
  }

  show(reports) {
    this.reports = reports;
    this.answers = [];
    this.headline.textContent = "";
    this.output.replaceChildren();
    if (!reports) {
      this.setAddress("");
      return;
    }
    const release = this.form.elements.release.value || "latest";
    const version = findVersion(this.tables, release) ?? this.tables.latest;
    const view = new View(this.tables, version);
    this.answers = answerAll(view, this.texts, joinRecords(reports, view.powerStates));
    const writer = new Writer({ view, texts: this.texts, root: this.root, source: this.form.dataset.source });
    this.headline.textContent = writer.headline(this.answers);
    if (reports.length !== 1) {
      this.showRecords(reports, writer);
      this.setAddress("");
      return;
    }
    const [answer] = this.answers;
    const link = this.linkTo(reports[0], answer);
    this.output.append(
      ...writer.record(answer, this.sameAsLatest(answer, reports[0], writer)));
    if (link) this.output.append(element("p", {}, element("a", { href: link }, this.texts.words.link)));
    this.setAddress(link ? new URL(link).search : "");
  }

  /** Several records: servers first, then what else there is, in the order of the paste. */
  showRecords(reports, writer) {
    const servers = this.answers.filter(({ record }) => record === "server");
    const others = this.answers.filter(({ record }) => record !== "server");
    const link = (answer) => this.linkTo(reports[this.answers.indexOf(answer)], answer);
    if (servers.length === 1) this.output.append(...writer.record(servers[0], ""));
    else if (servers.length || !others.length) this.output.append(...writer.fleet(servers, link));
    this.output.append(...others.slice(0, RECORDS_SHOWN).flatMap((answer) => writer.record(answer, "")));
    if (others.length > RECORDS_SHOWN) this.output.append(element("p", {}, writer.word("records", { count: others.length })));
  }

  /** Whether the latest release would answer the same; nothing is said of the latest itself. */
  sameAsLatest(answer, report, writer) {
    if (answer.release === this.tables.latest) return "";
    const latest = explainShared(new View(this.tables, this.tables.latest), this.texts, report, answer.now);
    const essence = ({ release, next = [], ...rest }) =>
      JSON.stringify([rest, next.map(({ evidence, ...step }) => step)]);
    return writer.word(essence(latest) === essence(answer.shared) ? "same" : "differs", { release: answer.release });
  }

  /** The address of an answer: states that Nova knows, never a name, an id or anything else of a paste. */
  linkTo(report, answer) {
    if (!("vm_state" in answer)) return null;
    const values = new URLSearchParams();
    const unknown = new Set(answer.unknown.map(({ attribute }) => attribute));
    const add = (name, value) => {
      if (value !== null && !unknown.has(name)) values.set(name, value);
    };
    add("vm_state", answer.vm_state);
    if (answer.task_state !== null || report.has_task) add("task_state", answer.task_state ?? NO_TASK);
    add("power_state", answer.power_state);
    if (answer.vm_state === null && report.status !== null) add("status", answer.status);
    if (report.launched === false) add("launched", "no");
    if (answer.asked?.actions.length) add("action", fold(answer.asked.word));
    if (answer.release !== this.tables.latest) add("release", answer.release);
    return new URL(`lookup/?${values}`, this.root).href;
  }

  setAddress(search) {
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  }
}

function answerAll(view, texts, reports) {
  const known = new Map();
  const now = present();
  return reports.map((report) => {
    const key = situationKey(view, report, now);
    if (!known.has(key)) known.set(key, explainShared(view, texts, report, now));
    const shared = known.get(key);
    const own = ownOf(report, shared, now);
    return { ...shared, ...own, id: report.id, name: report.name, shared, now, values: valuesOf(report) };
  });
}

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

function start() {
  for (const form of document.querySelectorAll("form[data-lookup]:not([data-started])")) {
    form.dataset.started = "";
    form.lookup = new Lookup(form);
  }
}

// Material replaces the page without loading it anew where instant navigation is on.
if (window.document$) window.document$.subscribe(start);
else start();

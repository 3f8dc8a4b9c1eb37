// The lookup's form: what is pasted or chosen goes in, the answer comes out, all in the page.
// Tables are fetched when somebody turns to the form, or came with an address that asks for an answer.

import { element } from "../elements.js";
import { addressOf, isAddressed, readAddress } from "./address.js";
import { explainShared, findVersion, ownOf, present, situationKey, View } from "./answering.js";
import { valuesOf } from "./filling.js";
import { Fleet } from "./fleet.js";
import { Fold } from "./folding.js";
import { contradicting, joinRecords } from "./joining.js";
import { withLines } from "./log_lines.js";
import { readReports } from "./reading/reader.js";
import { reportOf, Vocabulary } from "./report.js";
import { isQuestion } from "./root_causes.js";
import { partsFor, QUESTIONS, SaidParts } from "./said_parts.js";
import { Writer } from "./showing.js";
import { hasStepLines, StepLines } from "./step_lines.js";

const STATES = ["vm_state", "task_state", "power_state"];
const NO_TASK = "none";
const TYPING = 150;
const CONTRADICTIONS_SHOWN = 5;
const PUT_IN = ["insertFromPaste", "insertFromDrop"];

export class Lookup {
  constructor(form) {
    this.form = form;
    // It has no name: whatever happens to the form, what is pasted is no part of a request.
    this.paste = form.querySelector("textarea");
    this.headline = form.querySelector("[data-lookup-headline]");
    this.output = form.querySelector("[data-lookup-answer]");
    this.root = new URL(form.dataset.root, location.href).href;
    this.fold = new Fold(form);
    this.parts = new SaidParts(form.dataset.said, fetchJson);
    this.lines = new StepLines(() => fetchJson(form.dataset.steps));
    this.reports = null;
    this.listen();
    form.dataset.started = "";
    const isWanted = this.paste.value.trim() || form.contains(document.activeElement);
    if (isAddressed(location.search) && !this.paste.value.trim()) this.answerAddress();
    else if (isWanted) this.load();
  }

  listen() {
    const { form, paste } = this;
    form.addEventListener("focusin", () => this.load());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.read(true);
    });
    form.addEventListener("reset", () => setTimeout(() => {
      this.show(null);
      this.fold.open();
    }));
    paste.addEventListener("input", ({ inputType }) => {
      clearTimeout(this.timer);
      // Whichever reads it, the end of the typing or of the loading, knows whether it is whole.
      this.isWaiting = PUT_IN.includes(inputType);
      this.timer = setTimeout(() => this.read(this.isWaiting), TYPING);
    });
    for (const name of STATES) form.elements[name].addEventListener("change", () => this.choose());
    form.elements.release.addEventListener("change", () => this.show(this.reports));
    for (const example of form.querySelectorAll("[data-lookup-example]")) {
      example.addEventListener("click", () => {
        paste.value = example.dataset.lookupExample;
        this.read(true);
      });
    }
  }

  /** Fetch what is missing: the tables, and Nova's messages, which only a paste or the id of an error needs. */
  load() {
    this.loading ??= this.fetchAll();
    return this.loading;
  }

  async fetchAll() {
    const { messages, failed } = this.form.dataset;
    try {
      const coming = fetchJson(messages);
      // Whatever goes wrong is told below, in its turn.
      coming.catch(() => {});
      await this.loadTables();
      this.messages = await coming;
      this.texts = withLines(this.texts, this.messages);
    } catch {
      this.loading = null;
      this.headline.textContent = failed;
      this.output.removeAttribute("aria-busy");
      return;
    }
    this.vocabulary = new Vocabulary(this.tables, this.messages);
    this.form.dataset.ready = "";
    if (this.paste.value.trim()) this.read(this.isWaiting ?? false);
    else this.warmUp();
  }

  /** Read and answer an example unseen, so that a browser has compiled the scripts before somebody waits for them. */
  warmUp() {
    const idle = window.requestIdleCallback ?? setTimeout;
    for (const example of this.form.querySelectorAll("[data-lookup-example]")) {
      idle(() => {
        const { reports = [] } = readReports(example.dataset.lookupExample, this.vocabulary);
        answerAll(new View(this.tables, this.tables.latest), this.texts, reports);
      });
    }
  }

  /** Fetch what is said of some records, and answer then; where it does not come, without. */
  async loadSaid(parts) {
    this.isSaidMissing = (await this.takeSaid(parts)).length > 0;
    if (this.paste.value.trim()) this.read(this.isWaiting ?? false);
    this.isSaidMissing = false;
  }

  async takeSaid(parts) {
    const missing = await this.parts.load(parts);
    const { questions = null, ...said } = this.parts.said;
    this.texts = withLines(this.texts, this.messages ?? {}, said);
    if (this.vocabulary) this.vocabulary.questions = questions;
    return missing;
  }

  /** The version that is chosen. */
  get version() {
    return findVersion(this.tables, this.form.elements.release.value || "latest") ?? this.tables.latest;
  }

  /** Whether what the chosen release does has to be fetched; `then` is done once it is here, but for what came later. */
  isReleaseComing(then) {
    this.then = hasStepLines(this.tables, this.version) ? null : then;
    if (!this.then) return false;
    this.wait(this.isWaiting);
    this.takeRelease().then((isHere) => {
      if (isHere && this.then === then) then();
    });
    return true;
  }

  /** Fetch what the chosen release does; gives whether it is here, and says where it is not. */
  async takeRelease() {
    const isHere = await this.lines.takeInto(this.tables, this.version);
    if (isHere) return true;
    this.headline.textContent = this.form.dataset.failed;
    this.output.removeAttribute("aria-busy");
    this.output.replaceChildren();
    return false;
  }

  async loadTables() {
    this.comingTables ??= fetchJson(this.form.dataset.tables);
    try {
      this.tables = await this.comingTables;
    } catch (error) {
      this.comingTables = null;
      throw error;
    }
    this.texts ??= this.tables.texts;
    this.vocabulary ??= new Vocabulary(this.tables);
    if (this.isChosen) this.choose();
  }

  /** Answer what is pasted; without a paste, what is chosen. What is whole folds the form. */
  read(isWhole = false) {
    clearTimeout(this.timer);
    if (!this.paste.value.trim()) {
      this.choose();
      if (!this.texts) return;
      if (!this.reports) this.headline.textContent = this.texts.words.problem_empty;
      else if (isWhole) this.fold.close(this.output);
      return;
    }
    if (!this.messages) {
      this.wait(isWhole);
      this.load();
      return;
    }
    if (this.isReleaseComing(() => this.read(isWhole))) {
      this.chooseAs(null);
      return;
    }
    const found = readReports(this.paste.value, this.vocabulary);
    const wanted = [...partsFor(found.reports ?? [], this.texts), ...(found.mayAsk ? [QUESTIONS] : [])];
    const parts = this.isSaidMissing ? [] : this.parts.missing(wanted);
    if (parts.length) {
      this.wait(isWhole);
      // What the lists say is not of this paste.
      this.chooseAs(null);
      this.loadSaid(parts);
      return;
    }
    if (found.problem) {
      const { words } = this.texts;
      const nearest = found.nearest.length ? ` ${words.nearest.replace("{words}", () => found.nearest.join(", "))}` : "";
      this.show(null);
      this.chooseAs(null);
      this.headline.textContent = words[found.problem].replaceAll("`", "").replaceAll("{product}", words[found.product] ?? found.product ?? "") + nearest;
      return;
    }
    this.show(found.reports, "told_read");
    const servers = this.joined.filter(({ record }) => record === "server");
    const only = this.joined.length === 1 ? this.joined[0] : servers.length === 1 ? servers[0] : null;
    this.chooseAs(only);
    if (isWhole) this.fold.close(this.output);
  }

  /** Say that what is missing is being fetched; whoever reads it then knows whether the paste is whole. */
  wait(isWhole) {
    this.isWaiting = isWhole;
    this.headline.textContent = this.form.dataset.loading;
    this.output.setAttribute("aria-busy", "true");
  }

  /** Answer what is chosen from the lists; a paste would contradict it. */
  choose() {
    const chosen = STATES.map((name) => [name, this.form.elements[name].value]).filter(([, value]) => value);
    this.paste.value = "";
    this.isChosen = !this.tables;
    if (this.tables) this.show(chosen.length ? [reportOf(chosen)] : null, "told_chosen");
    else this.load();
  }

  /** Set the lists to what the answer about a record says, and to nothing where it tells of no states. */
  chooseAs(report) {
    const answer = report === null ? {} : this.answers[this.joined.indexOf(report)];
    const task = report?.has_task && answer.vm_state ? NO_TASK : "";
    const values = {
      vm_state: answer.vm_state ?? "",
      task_state: answer.task_state ?? task,
      power_state: String(answer.power_state ?? ""),
    };
    for (const [name, value] of Object.entries("vm_state" in answer ? values : { vm_state: "", task_state: "", power_state: "" })) {
      const list = this.form.elements[name];
      list.value = [...list.options].some((option) => option.value === value) ? value : "";
    }
  }

  /** Answer what the address asks; what it has of broken or unknown values is said in one line. */
  async answerAddress() {
    const { search } = location;
    try {
      await this.loadTables();
      if (new URLSearchParams(search).has("error")) await this.load();
    } catch {
      this.headline.textContent = this.form.dataset.failed;
      return;
    }
    const { report, version, unknown } = readAddress(search, this.vocabulary);
    if (report) await this.takeSaid(partsFor([report], this.texts));
    const isSlower = () => this.reports || this.paste.value.trim();
    if (isSlower()) return;
    if (version) this.selectRelease(version);
    if (report && (!(await this.takeRelease()) || isSlower())) return;
    const left = unknown.length ? this.texts.words.left_out.replace("{values}", () => unknown.join(", ")) : "";
    this.show(report && [report], "told_address", left);
    if (!report) return;
    this.chooseAs(report);
    this.fold.close(null);
  }

  selectRelease(version) {
    const list = this.form.elements.release;
    if (![...list.options].some((option) => option.value === version)) {
      list.append(element("option", { value: version }, version));
    }
    list.value = version;
  }

  show(reports, told = this.told, note = "") {
    Object.assign(this, { reports, told });
    this.answers = [];
    this.joined = reports ?? [];
    this.headline.textContent = note;
    this.output.removeAttribute("aria-busy");
    this.output.replaceChildren();
    if (!reports) {
      this.setAddress("");
      return;
    }
    if (this.isReleaseComing(() => this.show(reports, told, note))) return;
    const view = new View(this.tables, this.version);
    const joined = joinRecords(reports, view.powerStates);
    this.joined = joined;
    this.answers = answerAll(view, this.texts, joined);
    const writer = new Writer({ view, texts: this.texts, root: this.root, source: this.form.dataset.source });
    const asked = joined.length > 1 ? this.answers.filter((_, place) => isQuestion(joined[place])) : [];
    const counted = this.answers.filter((answer) => !asked.includes(answer));
    const headline = writer.headline(counted);
    this.headline.textContent = [headline, note].filter(Boolean).join(". ");
    this.fold.tell(writer.word(told, { what: writer.told(counted) }));
    if (note) this.output.append(element("p", { class: "lookup__unknown" }, note));
    for (const told of contradicting(joined).slice(0, CONTRADICTIONS_SHOWN)) {
      this.output.append(element("p", { class: "lookup__unknown" }, writer.contradicted(told)));
    }
    const link = (answer) => this.linkTo(joined[this.answers.indexOf(answer)], answer);
    if (joined.length === 1) {
      const [answer] = this.answers;
      const address = link(answer);
      this.output.append(...writer.record(answer, this.sameAsLatest(answer, joined[0], writer), address));
      this.setAddress(address ? new URL(address).search : "");
      return;
    }
    this.output.append(...new Fleet({ writer, asked, answers: counted, linkTo: link }).elements());
    this.setAddress("");
  }

  /** Whether the latest release would answer the same; nothing is said of the latest itself. */
  sameAsLatest(answer, report, writer) {
    if (answer.release === this.tables.latest) return "";
    const latest = explainShared(new View(this.tables, this.tables.latest), this.texts, report, answer.now);
    const essence = ({ release, next = [], ...rest }) =>
      JSON.stringify([rest, next.map(({ evidence, ...step }) => step)]);
    return writer.word(essence(latest) === essence(answer.shared) ? "same" : "differs", { release: answer.release });
  }

  linkTo(report, answer) {
    const search = addressOf(report, answer, this.vocabulary);
    return search && new URL(`lookup/${search}`, this.root).href;
  }

  setAddress(search) {
    // It takes longer than the answer.
    if (search === location.search) return;
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  }
}

function answerAll(view, texts, reports) {
  const known = new Map();
  const now = present();
  return reports.map((report) => {
    const key = situationKey(view, texts, report, now);
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

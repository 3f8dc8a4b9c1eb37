// Several records on the page: a table for triage with filters, to be copied as Markdown; few others are told in full.

import { element } from "../elements.js";
import { markdownOf, nameOf, stateOf, triage } from "./triage.js";

const FEW = 3;
const SHOWN = 8;
const AT_ONCE = 6;
const ALIKE = ["service", "event", "hypervisor", "volume"];

/** Records in the order in which they are told: of services, or of actions, those in trouble before the others. */
function worstFirst(answers, texts) {
  const [kind, ...others] = new Set(answers.map(({ record }) => record));
  if (others.length || !ALIKE.includes(kind)) return answers;
  const verdicts = Object.keys(texts.verdicts);
  return [...answers].sort((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict));
}

export class Fleet {
  constructor({ writer, asked, answers, linkTo }) {
    const servers = answers.filter(({ record }) => record === "server");
    const others = answers.filter(({ record }) => record !== "server");
    const alone = servers.length === 1 ? servers : [];
    const few = others.length <= FEW ? worstFirst(others, writer.texts) : [];
    // What a list says of its servers has no place for what was refused to one of them.
    const refused = servers.length > 1 ? servers.filter(({ asked }) => asked) : [];
    Object.assign(this, { writer, linkTo, before: [...asked, ...alone], behind: [...refused, ...few] });
    this.answers = answers.filter((answer) => !alone.includes(answer) && !few.includes(answer));
    this.isOfServers = this.answers.every(({ record }) => record === "server");
    this.states = new Map(this.answers.map((answer) => [answer, this.stateOf(answer)]));
    this.chosen = { verdict: null, state: "", text: "" };
  }

  stateOf(answer) {
    return stateOf(answer, this.writer.texts, this.writer.view.powerStates);
  }

  elements() {
    const told = (answer) => this.writer.record(answer, "", this.linkTo(answer));
    const isTable = this.answers.length || !(this.before.length || this.behind.length);
    const unread = this.answers.filter((answer) => !this.behind.includes(answer)).flatMap((answer) => answer.unread ?? []);
    return [
      ...this.before.flatMap(told), ...(isTable ? this.table() : []), ...this.behind.flatMap(told), ...this.writer.unread(unread),
    ];
  }

  table() {
    const { writer } = this;
    // A phone draws the rows as blocks; the roles keep them a table for who hears it.
    this.rows = element("tbody", { role: "rowgroup" });
    this.count = element("p", { class: "lookup__count", "aria-live": "polite" });
    const columns = ["verdict", "states", this.isOfServers ? "servers" : "record", "to_do"];
    const heads = columns.map((name) => element("th", { scope: "col", role: "columnheader" }, writer.word(name)));
    const title = this.isOfServers ? "summary" : "records";
    const found = [
      element("h2", {}, writer.word(title, { count: this.answers.length })),
      this.filters(),
      this.count,
      element("table", { class: "lookup__triage", role: "table" },
        element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, heads)), this.rows),
    ];
    this.refresh();
    return found;
  }

  filters() {
    const { writer } = this;
    const verdicts = Object.keys(writer.texts.verdicts)
      .map((verdict) => [verdict, this.answers.filter((answer) => answer.verdict === verdict).length])
      .filter(([, count]) => count);
    this.buttons = verdicts.map(([verdict, count]) => {
      const button = element("button", { type: "button", class: "lookup__toggle", "aria-pressed": "false" },
        writer.verdict(verdict), ` ${count}`);
      button.addEventListener("click", () => this.choose({ verdict: this.chosen.verdict === verdict ? null : verdict }));
      return [verdict, button];
    });
    const states = [...new Set(this.states.values())].sort();
    const list = element("select", {}, element("option", { value: "" }, writer.word("all")),
      states.map((state) => element("option", { value: state }, state)));
    list.addEventListener("change", () => this.choose({ state: list.value }));
    const text = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    text.addEventListener("input", () => this.choose({ text: text.value.trim().toLowerCase() }));
    // The form around it would be sent off to be answered anew.
    text.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    const label = (name, box) => element("label", { class: "lookup__choice" }, element("span", {}, writer.word(name)), box);
    return element("div", { class: "lookup__filters", role: "group", "aria-label": writer.word("filter") },
      element("div", { class: "lookup__toggles" }, this.buttons.map(([, button]) => button)),
      states.length > 1 ? label("states", list) : null,
      this.answers.length > 1 ? label("filter_text", text) : null,
      writer.copying("copy_markdown", () => markdownOf(this.groups, writer.texts)));
  }

  choose(chosen) {
    Object.assign(this.chosen, chosen);
    this.refresh();
  }

  refresh() {
    const { writer, chosen } = this;
    for (const [verdict, button] of this.buttons) button.setAttribute("aria-pressed", String(verdict === chosen.verdict));
    const shown = this.answers.filter((answer) => this.isWanted(answer));
    this.groups = triage(shown, writer.texts, writer.view.powerStates);
    this.count.textContent = shown.length < this.answers.length
      ? writer.word("shown", { count: shown.length, all: this.answers.length }) : "";
    clearTimeout(this.later);
    this.rows.replaceChildren(...this.groups.slice(0, AT_ONCE).map((group, place) => this.row(group, !place)));
    // Nobody waits for the mild ones to see the worst.
    const others = this.groups.slice(AT_ONCE);
    if (others.length) this.later = setTimeout(() => this.rows.append(...others.map((group) => this.row(group, false))));
  }

  isWanted(answer) {
    const { verdict, state, text } = this.chosen;
    if (verdict && answer.verdict !== verdict) return false;
    if (state && this.states.get(answer) !== state) return false;
    return !text || [nameOf(answer), this.states.get(answer), answer.host].some((told) => told?.toLowerCase().includes(text));
  }

  /** A verdict with how many have it, their states, their names, and what to do about them. */
  row({ headline, why, steps, runbook, states, answers }, isFirst) {
    const { writer } = this;
    const [first] = answers;
    const named = ({ name, id }) => element("li", {}, name, id ? element("code", { class: "lookup__id" }, id) : null);
    const state = (told) => {
      const link = this.linkTo(answers.find((answer) => this.states.get(answer) === told));
      return element("li", {}, link ? element("a", { href: link }, told) : told);
    };
    return element("tr", { role: "row" },
      element("th", { scope: "row", role: "rowheader" }, writer.verdict(headline), ` ${answers.length}`),
      element("td", { role: "cell" }, this.list(states, state, "rest")),
      element("td", { role: "cell" }, this.list(
        answers.filter(({ name, id }) => name || id), named, this.isOfServers ? "summary_more" : "rest")),
      element("td", { role: "cell" },
        element("p", {}, writer.marked(why)), ...this.ifStuck(answers), ...writer.unknown(first), this.toDo(steps, runbook, isFirst)));
  }

  /** What to do about what goes on for too long. */
  ifStuck(answers) {
    const { writer } = this;
    const running = answers.filter(({ verdict }) => verdict === "in-progress");
    const texts = new Set(running.flatMap(({ advice }) => advice.filter(({ id }) => id === "if_stuck").map(({ text }) => text)));
    return [...texts].map((text) => element("p", {}, writer.marked(writer.word("if_it_stays", { text }))));
  }

  /** The first of some things; the others, thousands at times, are written when somebody wants them. */
  list(things, item, more) {
    const list = (part) => element("ul", { class: "lookup__names" }, part.map(item));
    if (things.length <= SHOWN) return [list(things)];
    const fold = this.writer.more(this.writer.word(more, { count: things.length - SHOWN }), null);
    fold.addEventListener("toggle", () => fold.append(list(things.slice(SHOWN))), { once: true });
    return [list(things.slice(0, SHOWN)), fold];
  }

  /** The steps, folded: a table is to be looked over; those of the worst are open. */
  toDo(steps, runbook, isFirst) {
    const content = this.writer.toDo({ runbook }, steps);
    if (!content || !steps.length) return content;
    const fold = this.writer.more(`${this.writer.word("to_do")} (${steps.length})`, content);
    fold.open = isFirst;
    return fold;
  }
}

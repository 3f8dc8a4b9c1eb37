// Puts an answer on the page. Everything of a paste goes in as text: no markup is ever made of it.

import { NEED_AN_OPERATOR, VERDICTS } from "./answering.js";
import { OF_STATES } from "./records.js";
import { fold } from "./report.js";

const STEPS_SHOWN = 2;
const SERVERS_SHOWN = 20;
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** An element with attributes and children; a child that is no element is text, null is none. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** Writes answers in one language; `root` is the address of the language's home. */
export class Writer {
  constructor({ view, texts, root, source }) {
    Object.assign(this, { view, texts, root, source });
  }

  word(name, values = {}) {
    return this.texts.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  }

  /** One line that a screen reader says when the answer has come. */
  headline(answers) {
    const servers = answers.filter(({ record }) => record === "server").length;
    if (answers.length !== 1) return this.word(servers === answers.length ? "summary" : "records", { count: answers.length });
    const [{ record, read, status, verdict }] = answers;
    if (!OF_STATES.includes(record)) return `${this.kind(record, read)}: ${this.texts.verdicts[verdict][0]}`;
    return [status, this.texts.verdicts[verdict][0]].filter(Boolean).join(": ");
  }

  /** Elements that tell one server in full. */
  server(answer, same) {
    return [
      this.head(answer, "h2"),
      element("p", {}, this.marked(this.texts.verdicts[answer.verdict][1]), same ? ` ${same}` : ""),
      ...this.own(answer),
      ...this.unknown(answer),
      this.meanings(answer),
      ...this.asked(answer),
      ...this.section("careful", this.adviceList(answer)),
      ...this.section("you_can", this.allowed(answer)),
      ...this.section("not_now", this.refused(answer)),
      ...this.section("by_itself", this.next(answer)),
    ].filter(Boolean);
  }

  /** What a record is, in words. */
  kind(record, read) {
    return this.word(`record_${record}`, { tool: read?.tool });
  }

  /** What was read beside the states: which record it is, the fault, what its words mean. */
  own({ record, read, why }) {
    const fault = read?.fault;
    return [
      record === "server" ? null : element("p", {}, this.kind(record, read)),
      fault?.message ? element("p", { class: "lookup__fault" }, `fault${fault.created ? ` (${fault.created})` : ""}: ${fault.message}`) : null,
      why ? element("p", {}, this.marked(why)) : null,
    ].filter(Boolean);
  }

  /** Elements that tell a record that is no server's. */
  record(answer) {
    const { id, name, read, verdict } = answer;
    const told = Object.entries(read ?? {}).filter(([key, value]) =>
      ["string", "number", "boolean"].includes(typeof value) && !["id", "name", "events"].includes(key) && value !== id);
    return [
      element("h3", {}, spaced([this.verdict(verdict), nameOf({ id, name })])),
      ...this.own(answer),
      told.length ? element("dl", { class: "lookup__read" },
        told.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, String(value))])) : null,
    ].filter(Boolean);
  }

  /** Which parts of the paste were not understood. */
  unread({ unread }) {
    if (!unread.length) return [];
    return [element("p", { class: "lookup__unread" }, this.word("unread", { parts: unread.join(" · ") }))];
  }

  /** Elements that sum up many servers, and tell those that need an operator; `shared` tells equal answers. */
  fleet(answers, linkTo) {
    const groups = new Map();
    for (const answer of answers) {
      if (!groups.has(answer.shared)) groups.set(answer.shared, []);
      groups.get(answer.shared).push(answer);
    }
    const needing = [...groups.values()]
      .filter(([{ verdict }]) => NEED_AN_OPERATOR.includes(verdict))
      .sort((a, b) => VERDICTS.indexOf(a[0].verdict) - VERDICTS.indexOf(b[0].verdict) || b.length - a.length);
    const counts = VERDICTS.map((verdict) => [verdict, answers.filter((answer) => answer.verdict === verdict).length]);
    return [
      element("h2", {}, this.word("summary", { count: answers.length })),
      element("ul", {}, counts.filter(([, count]) => count)
        .map(([verdict, count]) => element("li", {}, this.verdict(verdict), ` ${count}`))),
      needing.length ? null : element("p", {}, this.word("summary_fine")),
      ...needing.flatMap((group) => [
        this.head(group[0], "h3"),
        element("ul", {}, group.slice(0, SERVERS_SHOWN).map((answer) => element("li", {}, nameOf(answer)))),
        group.length > SERVERS_SHOWN
          ? element("p", {}, this.word("summary_more", { count: group.length - SERVERS_SHOWN })) : null,
        ...this.unknown(group[0]),
        this.adviceList(group[0]),
        element("p", {}, element("a", { href: linkTo(group[0]) }, this.word("answer"))),
      ]),
    ].filter(Boolean);
  }

  head(answer, level) {
    const status = answer.status && this.chip("status", answer.status);
    const power = this.view.powerStates.find(([number]) => number === answer.power_state);
    const vmStates = answer.vm_state === null ? answer.vm_state_candidates ?? [] : [answer.vm_state];
    return element("div", { class: "lookup__head" },
      element(level, {}, ...(status ? [status, " "] : []), this.verdict(answer.verdict), " ", nameOf(answer)),
      element("p", {}, spaced([
        ...vmStates.map((state) => this.chip("vm_state", state)),
        answer.task_state === null ? element("span", {}, this.word("no_task")) : this.chip("task_state", answer.task_state),
        power ? this.chip("power_state", power[1], `${power[0]} ${power[1]}`) : null,
        element("span", {}, `Nova ${answer.release}`),
      ])));
  }

  verdict(verdict) {
    return element("span", { class: `lookup__verdict lookup__verdict--${verdict}` }, this.texts.verdicts[verdict][0]);
  }

  /** An identifier, a link where there is a page of its name. */
  chip(kind, name, text = name) {
    const known = kind === "action" ? this.texts.actions : this.texts.states[kind];
    const attributes = { class: `chip chip--${kind}` };
    if (!Object.hasOwn(known, name)) return element("span", attributes, text);
    return element("a", { ...attributes, href: `${this.root}${kind}/${name.toLowerCase()}/` }, text);
  }

  unknown(answer) {
    return answer.unknown.map(({ attribute, value, nearest }) => element("p", { class: "lookup__unknown" },
      this.word("unknown_value", { attribute, value }),
      nearest.length ? ` ${this.word("nearest", { words: nearest.join(", ") })}` : ""));
  }

  meanings(answer) {
    const power = this.view.powerStates.find(([number]) => number === answer.power_state);
    const values = { status: answer.status, vm_state: answer.vm_state, task_state: answer.task_state, power_state: power?.[1] };
    const known = Object.entries(values).filter(([kind, value]) => value && Object.hasOwn(this.texts.states[kind], value));
    if (!known.length) return null;
    return element("dl", { class: "lookup__meanings" }, known.flatMap(([kind, value]) => {
      const [label, summary] = this.texts.states[kind][value];
      return [
        element("dt", {}, `${kind} `, this.chip(kind, value), label === value ? "" : ` ${label}`),
        element("dd", {}, this.marked(summary)),
      ];
    }));
  }

  asked(answer) {
    if (!answer.asked) return [];
    const refused = new Map(answer.refused.map((refusal) => [refusal.action, refusal]));
    const items = answer.asked.actions.map((action) => {
      if (refused.has(action)) return this.line(this.chip("action", action), this.reason(refused.get(action)), this.way(answer, action));
      return answer.allowed.includes(action) ? this.line(this.chip("action", action), this.word("asked_allowed")) : null;
    }).filter(Boolean);
    return [element("h3", {}, this.word("asked", { action: answer.asked.word })), element("ul", {}, items)];
  }

  adviceList(answer) {
    if (!answer.advice.length) return null;
    return element("ul", { class: "lookup__advice" }, answer.advice.map(({ text }) => element("li", {}, this.marked(text))));
  }

  allowed(answer) {
    const notes = new Map(answer.notes.map((note) => [note.action, note]));
    const main = answer.allowed.filter((action) => !this.view.unguarded.has(action));
    const others = answer.allowed.filter((action) => this.view.unguarded.has(action));
    const item = (action) => {
      const [label, command] = Object.hasOwn(this.texts.actions, action) ? this.texts.actions[action] : [action, null];
      const { conditions = [], when = [] } = notes.get(action) ?? {};
      const checked = conditions.map((name) => (Object.hasOwn(this.texts.decorators, name) ? this.texts.decorators[name] : name));
      return element("li", {},
        this.chip("action", action),
        isSame(label, action) ? "" : ` ${label}`,
        command ? this.command(fill(command, answer)) : null,
        checked.length ? element("div", { class: "lookup__note" }, this.word("notes", { conditions: checked.join(", ") })) : null,
        ...when.map((condition) => element("div", { class: "lookup__note" }, this.word("unless", { condition }))));
    };
    return element("div", {},
      element("ul", { class: "lookup__actions" }, main.map(item)),
      others.length ? this.more(this.word("other_actions", { count: others.length }),
        element("ul", { class: "lookup__actions" }, others.map(item))) : null);
  }

  command(text) {
    const name = `${this.word("copy")}: ${text}`;
    const button = element("button", { type: "button", class: "lookup__copy", "aria-label": name }, this.word("copy"));
    button.addEventListener("click", () => this.copy(text, button));
    return element("span", { class: "lookup__command" }, element("code", {}, text), " ", button);
  }

  async copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = this.word("copied");
      setTimeout(() => { button.textContent = this.word("copy"); }, 2000);
    } catch {
      // Without the right to write the clipboard, the text stays there to be selected.
      getSelection().selectAllChildren(button.previousSibling.previousSibling ?? button.parentElement);
    }
  }

  refused(answer) {
    const groups = new Map();
    for (const refusal of answer.refused) {
      const reason = this.reason(refusal);
      if (!groups.has(reason)) groups.set(reason, []);
      groups.get(reason).push(refusal.action);
    }
    if (!groups.size) return null;
    return element("div", {}, [...groups].map(([reason, actions]) => this.more(`${reason} (${actions.length})`,
      element("ul", {}, actions.map((action) => this.line(this.chip("action", action), this.way(answer, action)))))));
  }

  reason({ attribute, value }) {
    if (attribute === "launched_at") return this.word("refused_launched");
    if (attribute === null || (value === null && attribute === "vm_state")) return this.word("refused_unsure");
    return this.word("refused_for", { attribute, value: value ?? "None" });
  }

  way(answer, action) {
    return Object.hasOwn(answer.ways, action) ? `(${this.word("way", { way: answer.ways[action].join(" → ") })})` : "";
  }

  next(answer) {
    const causes = new Map();
    for (const step of answer.next) {
      if (!causes.has(step.cause)) causes.set(step.cause, []);
      causes.get(step.cause).push(step);
    }
    if (!causes.size) return null;
    return element("dl", { class: "lookup__next" }, [...causes].flatMap(([cause, steps]) => {
      const items = steps.map((step) => element("li", {}, this.step(step, answer), " ", this.evidence(step.evidence)));
      return [
        element("dt", {}, this.word(`cause_${cause}`)),
        element("dd", {},
          element("ul", {}, items.slice(0, STEPS_SHOWN)),
          items.length > STEPS_SHOWN ? this.more(this.word("more", { count: items.length - STEPS_SHOWN }),
            element("ul", {}, items.slice(STEPS_SHOWN))) : null),
      ];
    }));
  }

  step({ effect, to, condition, power_states }, answer) {
    const name = `effect_${effect}`;
    const parts = [Object.hasOwn(this.texts.words, name) ? this.word(name) : effect];
    const changed = to ? [to.vm_state, to.task_state ?? this.word("no_task")].filter((state) => state !== "=") : [];
    if (changed.length) parts.push(this.word("result", { state: changed.join(" / ") }));
    if (answer.power_state === null && power_states) {
      parts.push(`(${this.word("if_power", { states: power_states.join(", ") })})`);
    }
    if (condition) parts.push(`(${this.word("if", { condition })})`);
    return parts.join(" ");
  }

  evidence({ file, line }) {
    const place = `${file.split("/").at(-1)}:${line}`;
    const values = { version: this.view.version, file, line };
    const href = this.source.replace(/\{(\w+)\}/g, (_, key) => encodeURI(String(values[key])));
    return element("a", { class: "lookup__evidence", href, "aria-label": `${this.word("evidence")} ${place}` }, place);
  }

  section(title, content) {
    return content ? [element("h3", {}, this.word(title)), content] : [];
  }

  line(...parts) {
    return element("li", {}, spaced(parts.filter(Boolean)));
  }

  more(summary, content) {
    return element("details", { class: "lookup__more" }, element("summary", {}, summary), content);
  }

  /** Text whose code is marked by backquotes, as elements. */
  marked(text) {
    return text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
  }
}

/** Whether a label says no more than the name beside it. */
function isSame(label, name) {
  return fold(label) === fold(name);
}

function spaced(parts) {
  return parts.filter(Boolean).flatMap((part, place) => (place ? [" ", part] : [part]));
}

function nameOf({ id, name }) {
  return [name, id].filter(Boolean).join(" ");
}

/** The command for this server, where its id or name can stand in a shell as it is. */
function fill(command, { id, name }) {
  const found = [id, name].find((part) => part && PLAIN_NAME.test(part));
  return found ? command.replaceAll("{server}", () => found) : command;
}

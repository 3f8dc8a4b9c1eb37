// Puts an answer on the page. Everything of a paste goes in as text: no markup is ever made of it.

import { element, filledIn } from "../elements.js";
import { ELSEWHERE } from "./tables_view.js";
import { fill } from "./filling.js";
import { isOffered, notSaid } from "./helping.js";
import { LOG, ONE_OF } from "./log_lines.js";
import { addressOf, namesOf, toldOf } from "./naming.js";
import { lockedActions, openActions } from "./reach.js";
import { fold } from "./report.js";
import { serviceOf } from "./situation.js";
import { besideLines, headlineOf, nameOf, refusedOf, stateOf, tellingOf } from "./triage.js";

const STATES = ["vm_state", "task_state", "power_state", "status"];
const STEPS_SHOWN = 2;
const UNITS = [["days", 86_400], ["hours", 3_600], ["minutes", 60]];

/** Writes answers in one language; `root` is the address of the language's home. */
export class Writer {
  constructor({ view, texts, root, source }) {
    Object.assign(this, { view, texts, root, source });
  }

  word(name, values = {}) {
    return filledIn(this.texts.words[name], values);
  }

  /** One line that a screen reader says when the answer has come. */
  headline(answers) {
    const servers = answers.filter(({ record }) => record === "server").length;
    if (answers.length !== 1) return this.word(servers === answers.length ? "summary" : "records", { count: answers.length });
    const [{ record, status }] = answers;
    const what = "vm_state" in answers[0] ? status : this.word(`record_${record}`);
    return [what, this.texts.verdicts[headlineOf(answers[0])][0]].filter(Boolean).join(": ");
  }

  /** What was asked about, in a few words. */
  told(answers) {
    if (answers.length === 1) {
      const [answer] = answers;
      const kind = answer.record === "server" ? nameOf(answer) : this.word(`record_${answer.record}`, { tool: answer.tool });
      const power = this.view.powerStates.find(([number]) => number === answer.power_state);
      const states = [answer.status, answer.vm_state, answer.task_state, power && `${power[0]} ${power[1]}`];
      const state = "vm_state" in answer ? states.filter(Boolean).join(" / ") : tellingOf(answer);
      return [kind, state].filter(Boolean).join(" · ");
    }
    const servers = answers.filter(({ record }) => record === "server").length;
    const others = answers.length - servers;
    return [
      servers || !others ? this.word("summary", { count: servers }) : null,
      others ? this.word("records", { count: others }) : null,
    ].filter(Boolean).join(" · ");
  }

  /** Elements that tell one record in full, in the order of need; `address` is that of the answer. */
  record(answer, same, address = null) {
    const isServer = "vm_state" in answer;
    return [
      this.head(answer, "h2"),
      element("p", { class: "lookup__tools" },
        this.copying("copy_text", () => this.asText(answer, address)),
        address ? element("a", { href: address }, this.word("link")) : null),
      isServer && answer.record !== "server" ? element("p", {}, [this.word(`record_${answer.record}`, { tool: answer.tool }), ...refusedOf(answer)].join(": ")) : null,
      ...this.logged(answer).map((text) => element("p", {}, text)),
      this.since(answer),
      element("p", {}, this.marked(answer.why ?? this.texts.verdicts[headlineOf(answer)][1]), same ? ` ${same}` : ""),
      this.events(answer),
      ...this.unknown(answer),
      ...this.section("to_do", this.toDo(answer, answer.steps)),
      ...(isServer ? [
        ...this.asked(answer),
        // Where no state is told, what happens by itself is what may happen to any server.
        ...(STATES.some((name) => answer[name] !== null) ? this.section("by_itself", this.next(answer)) : []),
        ...this.section("you_can", this.allowed(answer)),
        ...this.section("not_now", this.refused(answer)),
      ] : []),
      ...this.section("careful", this.details(answer)),
      ...this.section("words_mean", this.meanings(answer)),
      ...this.unread(answer.unread),
    ].filter(Boolean);
  }

  /** What of a paste was not read. */
  unread(parts) {
    return this.section("unread", parts.length ? element("ul", {}, parts.map((text) => element("li", {}, text))) : null);
  }

  /** Of a line of a log: that its states have passed, and what Nova does then. */
  logged(answer) {
    const found = [];
    const states = ["vm_state", "task_state", "power_state"];
    const then = { [LOG]: "states_then", refusal: "states_refused" }[answer.record];
    if (then && states.some((name) => answer[name] !== null)) found.push(this.word(then));
    if (answer.effect) {
      const effects = answer.effect.split(ONE_OF).map((effect) => this.word(`effect_${effect}`));
      found.push(this.word("line_effect", { effect: effects.join(this.word("either")) }));
    }
    return found;
  }

  /** Since when and how long, whether that is too long; host and fault; what other records of the paste tell. */
  since(answer) {
    const lines = [];
    if (answer.since) {
      const line = this.word("since", { time: answer.since, age: this.age(answer.age_seconds) });
      lines.push(answer.overdue ? `${line} ${this.word("overdue")}` : line);
    }
    const told = ["host", "host_status", "filter", "no_answer_from"].filter((name) => answer.since !== undefined && answer[name])
      .map((name) => `${name} ${answer[name]}`);
    if (answer.locked) {
      told.push(this.word("locked") + (answer.locked_reason ? ` (${answer.locked_reason})` : ""));
    }
    if (told.length) lines.push(told.join(", "));
    if (answer.earlier?.length) lines.push(`${this.word("earlier")}: ${answer.earlier.join(" → ")}`);
    if (answer.fault?.message) {
      const created = answer.fault.created ? ` (${answer.fault.created})` : "";
      lines.push(`fault: ${answer.fault.message}${created}`);
    }
    lines.push(...besideLines(answer.beside ?? [], this.texts.words));
    return lines.length
      ? element("ul", { class: "lookup__since" }, lines.map((line) => element("li", {}, line))) : null;
  }

  /** The events of an action with their results, and why. */
  events({ events }) {
    if (!events?.length) return null;
    return element("ul", { class: "lookup__since" }, events.map(({ event, result, message }) => element("li", {},
      element("code", {}, event ?? "?"), ` ${[result ?? "None", message].filter(Boolean).join(": ")}`)));
  }

  /** The largest unit of which there are two: rounded down. */
  age(seconds) {
    const [unit, length] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ["seconds", 1];
    return this.word(`age_${unit}`, { count: Math.floor(seconds / length) });
  }

  /** Numbered steps with what each costs before its command, and where more is. */
  toDo(answer, steps) {
    if (!steps.length && !answer.runbook) return null;
    const item = ({ text, caution, command }) => element("li", {}, this.marked(text),
      caution ? element("div", { class: "lookup__caution" }, this.marked(this.word("caution", { text: caution }))) : null,
      ...(command ? command.split("\n").map((line) => element("div", {}, this.command(line))) : []));
    return element("div", {},
      steps.length ? element("ol", { class: "lookup__steps" }, steps.map(item)) : null,
      answer.runbook ? element("p", {},
        element("a", { href: `${this.root}runbook/${answer.runbook}/` },
          this.word("runbook", { slug: answer.runbook }))) : null);
  }

  /** The advice without what was said of it above. */
  details(answer) {
    const texts = answer.advice
      .map(({ text }) => notSaid(text, answer.why ?? "").trim())
      .filter(Boolean);
    return texts.length
      ? element("ul", { class: "lookup__advice" }, texts.map((text) => element("li", {}, this.marked(text)))) : null;
  }

  /** One answer as text, for a ticket. */
  asText(answer, address) {
    const state = stateOf(answer, this.texts, this.view.powerStates);
    const steps = answer.steps.flatMap(({ text, caution, command }, place) => [
      `${place + 1}. ${text}`,
      caution ? `   ${this.word("caution", { text: caution })}` : null,
      ...(command ? command.split("\n").map((line) => `   $ ${line}`) : []),
    ]);
    return [
      [nameOf(answer), state, `Nova ${answer.release}`].filter(Boolean).join(", "),
      `${this.texts.verdicts[headlineOf(answer)][0]}: ${answer.why ?? this.texts.verdicts[headlineOf(answer)][1]}`,
      ...steps,
      address,
    ].filter((line) => line !== null).map((line) => `${line}\n`).join("");
  }

  head(answer, level) {
    if (!("vm_state" in answer)) {
      return element("div", { class: "lookup__head" },
        element(level, {}, this.word(`record_${answer.record}`), " ", this.verdict(headlineOf(answer))),
        element("p", {}, `${tellingOf(answer)} Nova ${answer.release}`));
    }
    const status = answer.status && this.chip("status", answer.status);
    const power = this.view.powerStates.find(([number]) => number === answer.power_state);
    const vmStates = answer.vm_state === null ? answer.vm_state_candidates ?? [] : [answer.vm_state];
    return element("div", { class: "lookup__head" },
      element(level, {}, ...(status ? [status, " "] : []), this.verdict(headlineOf(answer)), " ",
        element("span", { class: "lookup__name" }, nameOf(answer))),
      element("p", {}, spaced([
        ...vmStates.map((state) => this.chip("vm_state", state)),
        answer.task_state === null ? element("span", {}, answer.task_known ? this.word("no_task") : "?") : this.chip("task_state", answer.task_state),
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

  /** That a server is told of in different states. */
  contradicted(told) {
    const states = new Set(told.map((one) => [one.vm_state || one.status, one.task_state, one.power_state]
      .map((state) => String(state || "-")).join(" / ")));
    return this.word("contradicted", { server: told[0].id, count: told.length, states: [...states].join("; ") });
  }

  unknown(answer) {
    return (answer.unknown ?? []).map(({ attribute, value, nearest }) => element("p", { class: "lookup__unknown" },
      this.word("unknown_value", { attribute, value }),
      nearest.length ? ` ${this.word("nearest", { words: nearest.join(", ") })}` : ""));
  }

  meanings(answer) {
    const power = this.view.powerStates.find(([number]) => number === answer.power_state);
    const values = "vm_state" in answer
      ? { status: answer.status, vm_state: answer.vm_state, task_state: answer.task_state, power_state: power?.[1] } : {};
    const known = Object.entries(values).filter(([kind, value]) => value && Object.hasOwn(this.texts.states[kind], value));
    const named = namesOf(answer).filter(([kind, name]) => addressOf(kind, name, this.texts));
    if (!known.length && !named.length) return null;
    return element("dl", { class: "lookup__meanings" },
      named.flatMap(([kind, name]) => this.meaning(kind, this.recordChip(kind, name), name, toldOf(kind, name, this.texts) ?? undefined, answer)),
      known.flatMap(([kind, value]) => this.meaning(kind, this.chip(kind, value), value, this.texts.states[kind][value], answer)));
  }

  /** A name with its label, and what it means where that was not said above. */
  meaning(kind, chip, name, [label, summary] = [name, ""], { why } = {}) {
    return [
      element("dt", {}, `${kind} `, chip, label === name ? "" : ` ${label}`),
      summary && summary !== why ? element("dd", {}, this.marked(summary)) : null,
    ].filter(Boolean);
  }

  /** An exception, an event or a migration's status as a link to what is said of it. */
  recordChip(kind, name) {
    return element("a", { class: `chip chip--${kind}`, href: this.root + addressOf(kind, name, this.texts) }, name);
  }

  asked(answer) {
    if (!answer.asked || answer.refusal?.fulfilled) return [];
    const refused = new Map(answer.refused.map((refusal) => [refusal.action, refusal]));
    // What was refused for another reason than a state is not allowed because its state is right.
    const isOfState = !answer.refusal || answer.refusal.attribute !== null;
    const items = answer.asked.actions.map((action) => {
      if (refused.has(action)) return this.line(this.chip("action", action), this.reason(refused.get(action)), this.way(answer, action));
      return isOfState && answer.allowed.includes(action) ? this.line(this.chip("action", action), this.word("asked_allowed")) : null;
    }).filter(Boolean);
    return items.length ? [element("h3", {}, this.word("asked", { action: answer.asked.word })), element("ul", {}, items)] : [];
  }

  allowed(answer) {
    const notes = new Map(answer.notes.map((note) => [note.action, note]));
    const { uses, purposes } = this.texts;
    const service = serviceOf(answer);
    const possible = openActions(answer, uses);
    const item = (action) => {
      const [label, command] = Object.hasOwn(this.texts.actions, action) ? this.texts.actions[action] : [action, null];
      const { conditions = [], when = [] } = notes.get(action) ?? {};
      const checked = conditions.map((name) => (Object.hasOwn(this.texts.decorators, name) ? this.texts.decorators[name] : name));
      return element("li", {},
        this.chip("action", action),
        isSame(label, action) ? "" : ` ${label}`,
        command ? this.command(fill(command, answer.values)) : null,
        isOffered(action, uses, null, service) ? null
          : element("div", { class: "lookup__note" }, this.marked(this.word(`host_${uses[action][1]}`))),
        checked.length ? element("div", { class: "lookup__note" }, this.word("notes", { conditions: checked.join(", ") })) : null,
        ...when.map((condition) => element("div", { class: "lookup__note" }, this.marked(this.refusedWhen(condition)))));
    };
    const groups = Object.entries(purposes).map(([purpose, label]) => [label, Object.keys(uses)
      .filter((action) => uses[action][0] === purpose && possible.includes(action))])
      .filter(([, actions]) => actions.length);
    if (!groups.length) return null;
    return element("div", {}, groups.map(([label, actions], place) => {
      const list = element("ul", { class: "lookup__actions" }, actions.map(item));
      const fold = this.more(`${label} (${actions.length})`, list);
      if (!place) fold.open = true;
      return fold;
    }));
  }

  command(text) {
    const name = `${this.word("copy")}: ${text}`;
    const button = element("button", { type: "button", class: "lookup__copy", "aria-label": name }, this.word("copy"));
    const code = element("code", {}, text);
    button.addEventListener("click", () => this.copy(text, button, code));
    return element("span", { class: "lookup__command" }, code, " ", button);
  }

  /** A button that copies a text, which is made when it is asked for. */
  copying(name, make) {
    const button = element("button", { type: "button", class: "lookup__copy" }, this.word(name));
    button.addEventListener("click", () => this.copy(make(), button, null));
    return button;
  }

  /** Copy a text; where the clipboard may not be written, have it selected: where it stands, or in a box of its own. */
  async copy(text, button, place) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      if (label === this.word("copied")) return;
      button.textContent = this.word("copied");
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch {
      if (place) {
        getSelection().selectAllChildren(place);
        return;
      }
      const box = button.parentElement.querySelector(".lookup__text") ??
        element("textarea", { class: "lookup__text", readonly: "", rows: "6", "aria-label": label });
      box.value = text;
      button.after(box);
      box.select();
    }
  }

  refused(answer) {
    const locked = lockedActions(answer);
    const groups = new Map(locked.length ? [[this.word("refused_locked"), locked]] : []);
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
      const items = steps.map((step) => element("li", {}, this.marked(this.step(step, answer)), " ", this.evidence(step.evidence)));
      return [
        element("dt", {}, this.word(`cause_${cause}`)),
        element("dd", {},
          element("ul", {}, items.slice(0, STEPS_SHOWN)),
          items.length > STEPS_SHOWN ? this.more(this.word("more", { count: items.length - STEPS_SHOWN }),
            element("ul", {}, items.slice(STEPS_SHOWN))) : null),
      ];
    }));
  }

  step({ cause, effect, to, condition, power_states }, answer) {
    const name = `effect_${effect}`;
    const parts = [Object.hasOwn(this.texts.words, name) ? this.word(name) : effect];
    const changed = to ? [to.vm_state, to.task_state ?? this.word("no_task")].filter((state) => state !== "=") : [];
    if (changed.length) parts.push(this.word("result", { state: changed.join(" / ") }));
    if (answer.power_state === null && power_states) {
      parts.push(`(${this.word("if_power", { states: power_states.join(", ") })})`);
    }
    if (condition && cause !== ELSEWHERE) parts.push(`(${this.condition(condition) ?? this.word("if", { condition })})`);
    return parts.join(" ");
  }

  /** A condition as a clause; null for one that only a tree of somebody's own has. */
  condition(text) {
    const { conditions } = this.texts;
    return Object.hasOwn(conditions, text) ? conditions[text] : null;
  }

  refusedWhen(text) {
    const condition = this.condition(text);
    return condition === null ? this.word("unless", { condition: text }) : this.word("refused_when", { condition });
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

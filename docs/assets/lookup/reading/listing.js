// Reads lines of a name and a value. Mirrors generator/nova_states/lookup/reading/listing.py.

import { all, cut, pattern, size, strip } from "./grammar.js";
import { readText, readTexts } from "./messages.js";
import { remaining } from "./pieces.js";
import { FOREIGN, readRecord } from "./records.js";
import { readScalar } from "./scalars.js";
import { isPower, withoutRemark } from "./values.js";

const STATES = ["vm_state", "task_state", "power_state", "instance_state", "status"];
const ONCE = ["id", "name", ...STATES, "action", "event", "binary", "source_compute", "request_id"];
// Names of a server's id, in a line of names and values.
const OF_SERVER = ["server", "instance", "vm", "uuid", "server_id", "instance_id"];
const OF_CONDITIONS = ["", "true", "false"];
const LONGEST_STATE = 60;
const SIGNS = ":=";
const NAME = /^[A-Za-z_][\w:.-]{0,60}$/;
const OF_FAULTS = ["message", "code", "created"];
// Records in whose lines messages are looked for: of more, nobody wrote them by hand.
const FEW = 20;

/** Read the records that lines of names and values make. */
const OF_ACTION = ["request_id", "action", "event", "result", "message", "events"];

export function readListing(piece, findings) {
  const { grammar } = findings;
  const taken = new Set();
  const reader = new Reader(grammar, piece.lines);
  for (let place = 0; place < piece.lines.length;) place = reader.read(place);
  reader.close();
  for (const record of reader.done) {
    if (record.pairs.get("events") === "" && !record.events.length) {
      // Events of Kubernetes.
      record.pairs.delete("events");
      record.names.delete("events");
    }
    const pairs = [...record.pairs].map(([field, value]) => [record.names.get(field), value]);
    if (!tells(record, grammar)) continue;
    let values = [...pairs];
    if (record.fault.size && !record.pairs.has("fault")) values.push(["fault", Object.fromEntries(record.fault)]);
    if (record.events.length) {
      values = values.filter(([name, value]) => value || name !== record.names.get("events"));
      values.push(["events", record.events.map((event) => Object.fromEntries(event))]);
    }
    const report = readRecord(values, grammar);
    if (report === null || (report === FOREIGN && isLogged(piece.lines[record.line], grammar))) continue;
    // What is told of an action in nobody's form: what its lines quote is read as messages.
    if (report.record === "event" && !OF_ACTION.some((name) => report.read[name]?.length)) continue;
    const lines = [...new Set(record.lines)].map((line) => piece.lines[line]);
    if (typeof report === "string") {
      findings.leave(piece.start + record.line, pairs.map(([name]) => name).join(", "));
      readTexts(piece.start + record.line, [lines.join("\n")], findings);
    } else {
      const told = reader.done.length <= FEW ? withMessages(report, lines, grammar) : [report];
      for (const one of told) findings.add(piece.start + record.line, one);
    }
    record.lines.forEach((line) => taken.add(line));
  }
  return remaining(piece, [...taken].sort((a, b) => a - b).map((place) => [place, place + 1]));
}

/**
 * A server with the fault that one of its lines tells of under another name, as events of Kubernetes do; behind it
 * what such lines quote of refusals.
 */
function withMessages(report, lines, grammar) {
  const read = report.read ?? {};
  const text = lines.join("\n");
  if (report.record !== "server" || "fault" in read || size(text) >= grammar.limit("longest_text")) return [report];
  const told = readText(text, grammar);
  const fault = told.map((one) => one.read?.fault).find(Boolean);
  const refusals = told.filter(({ record }) => record === "refusal");
  return [fault ? { ...report, read: { ...read, fault } } : report, ...refusals];
}

/** Whether pairs stand in an entry of a log, which says more than they do. */
const isLogged = (line, grammar) => pattern(grammar.plain.log.line).test(cut(line, grammar.limit("longest_line")));

function tells(record, grammar) {
  const { kind } = grammar.layout([...record.names.values()]);
  const fields = record.pairs;
  const isTold = STATES.some((name) => fields.has(name) && isValue(name, fields.get(name), grammar));
  if (fields.size > 1) return isTold || (kind !== null && fields.size > 2) || (kind !== null && kind !== "server");
  return isTold;
}

function isValue(name, value, grammar) {
  const text = value.trim();
  if (name === "status") return grammar.isStatus(text) || (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && text === text.toUpperCase() && text !== text.toLowerCase());
  return size(text) <= LONGEST_STATE
    && (!text.includes(" ") || (name === "power_state" && isPower(text, grammar)) || text.includes("("));
}

class Reader {
  constructor(grammar, lines) {
    Object.assign(this, { grammar, lines, done: [], current: null, parent: null, last: null });
  }

  /** Read a line, and those in which its value goes on; the place behind them. */
  read(place) {
    const { grammar } = this;
    const end = place + 1;
    const line = this.lines[place];
    if (grammar.shape("row_marker").test(line)) {
      this.close();
      return end;
    }
    if (this.current && !/^\s/.test(line) && isLogged(line, grammar)) this.close();
    const text = cut(line, grammar.limit("longest_line"));
    if (this.readCells(place, text)) return end;
    const found = grammar.shape("pair").exec(text)?.groups;
    const indent = found ? found.indent.length + found.dash.length : 0;
    const isItem = Boolean(found?.dash.includes("-"));
    if (found) {
      const { name, sign } = found;
      const scalar = this.scalar(place, indent, name, sign, line.slice(text.length - found.value.length));
      if (scalar) {
        this.add(place, { indent, isItem, name, value: scalar.text, end: scalar.end });
        return scalar.end;
      }
    }
    const several = this.several(text);
    if (several.length) {
      for (const [name, value] of several) this.add(place, { indent: 0, isItem: false, name, value, end });
      return end;
    }
    if (found) this.add(place, { indent, isItem, name: found.name, value: this.stripped(found.value), end });
    else if (text.trim() && this.current) this.goOn(place, text);
    return end;
  }

  scalar(place, indent, name, sign, value) {
    const { grammar } = this;
    if (this.current === null && grammar.fieldOf(name) === null) return null;
    return readScalar(this.lines, place, indent, sign, cut(value, grammar.limit("longest_row")), grammar);
  }

  /** Read a name and a value with nothing but blanks between; whether they are a pair. */
  readCells(place, text) {
    const { grammar, current } = this;
    const cells = grammar.shape("two_cells").exec(text)?.groups;
    const name = cells ? cells.name : text.trim();
    const indent = text.length - text.replace(/^ +/, "").length;
    const isBeside = current !== null && current.hasCells && indent === current.indent;
    const isPair = cells ? this.isPair(name, cells.value, text, isBeside)
      : isBeside && (grammar.fieldOf(name) !== null || NAME.test(name));
    if (isPair) {
      this.add(place, { indent, isItem: false, name, value: cells ? this.stripped(cells.value) : "", end: place + 1 });
      if (this.current) this.current.hasCells = true;
    }
    return isPair;
  }

  /** Whether a name and what stands apart from it are a pair: of a field, or in a record of such pairs. */
  isPair(name, value, text, isBeside) {
    const { grammar } = this;
    if (SIGNS.includes(name.at(-1)) || SIGNS.includes(value[0]) || grammar.shape("two_cells").test(value)) return false;
    if (grammar.fieldOf(name) !== null) return grammar.fieldOf(value) === null;
    return this.current !== null && (text.includes("\t") || (isBeside && NAME.test(name)));
  }

  goOn(place, text) {
    const { current } = this;
    let depth = text.length - text.replace(/^ +/, "").length;
    // YAML has the items of a list no deeper than its name.
    if (text.startsWith("- ", depth)) depth++;
    if (this.last === null || depth <= this.last[0]) {
      this.close();
      return;
    }
    const [, values, name] = this.last;
    current.lines.push(place);
    if (values.has(name) && size(values.get(name)) < this.grammar.limit("longest_message")) {
      values.set(name, `${values.get(name)} ${this.stripped(text)}`.trim());
    }
  }

  several(text) {
    if (text.split(":").length + text.split("=").length - 2 < 2) return [];
    const told = [...all(this.grammar.plain.shapes.pairs, text)]
      .map(({ groups }) => [groups.fault ?? groups.name, groups.said ?? closed(this.stripped(groups.value))]);
    const pairs = told.filter(([name]) => this.grammar.fieldOf(name));
    const fields = new Set(pairs.map(([name]) => this.grammar.fieldOf(name)));
    if (!fields.has("id")) {
      const ids = told.filter(([, value]) => this.grammar.shape("uuid").test(value));
      if (ids.length === 1 && OF_SERVER.includes(ids[0][0].toLowerCase())) {
        pairs.push(["id", ids[0][1]]);
        fields.add("id");
      }
    }
    return pairs.length > 1 && fields.size === pairs.length && STATES.some((state) => fields.has(state)) ? pairs : [];
  }

  add(place, line) {
    const named = this.grammar.fieldOf(line.name);
    // Kubernetes: what follows belongs to the object, and a condition is no server's status.
    if (named === "status" && OF_CONDITIONS.includes(line.value.toLowerCase())) {
      if (this.parent && line.indent <= this.parent[0]) this.parent = null;
      return;
    }
    if (STATES.includes(named)) line = { ...line, value: withoutRemark(named, line.value, this.grammar) };
    let { current } = this;
    if (this.parent && line.indent > this.parent[0]) {
      if (current) {
        take(current, place, line);
        this.last = [line.indent, this.keep(current, line), line.name];
      }
      return;
    }
    this.parent = null;
    const isNew = current !== null
      && ((line.isItem && line.indent <= current.indent) || (ONCE.includes(named) && current.pairs.has(named)));
    if (isNew && named && !line.isItem && current.pairs.get(named) === line.value) return;
    if (isNew) {
      this.close();
      current = null;
    }
    if (named === null) {
      if (current) {
        take(current, place, line);
        this.last = [line.indent, new Map(), ""];
        if (!line.value) this.parent = [line.indent, ""];
      }
      return;
    }
    if (!line.value) this.parent = [line.indent, named];
    if (current === null) {
      current = this.current = {
        line: place, indent: line.indent, pairs: new Map(), names: new Map(), fault: new Map(), events: [], hasCells: false, lines: [],
      };
    } else if (line.indent > current.indent && !line.isItem && current.pairs.size && current.pairs.has(named)) {
      return;
    }
    take(current, place, line);
    if (line.value || named !== "fault") {
      current.pairs.set(named, line.value);
      current.names.set(named, line.name);
    }
    this.last = [line.indent, current.pairs, named];
  }

  /** Keep a line of a fault or of events; where it was kept. */
  keep(current, line) {
    if (this.parent[1] === "events") {
      if (line.isItem) current.events.push(new Map());
      const members = current.events.at(-1) ?? new Map();
      if (!members.has(line.name)) members.set(line.name, line.value);
      return members;
    }
    if (this.parent[1] === "fault" && OF_FAULTS.includes(line.name)) current.fault.set(line.name, line.value);
    return current.fault;
  }

  close() {
    if (this.current?.pairs.size) this.done.push(this.current);
    Object.assign(this, { current: null, parent: null, last: null });
  }

  stripped(value) {
    return strip(value.replace(this.grammar.shape("pointer"), "").trim(), this.grammar.plain.shapes.around);
  }
}

function take(current, place, { end }) {
  for (let line = place; line < end; line++) current.lines.push(line);
}

/** A value without the end of brackets that began before it. */
function closed(value) {
  return value.includes("(") ? value : value.replace(/\)+$/, "");
}

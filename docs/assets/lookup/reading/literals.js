// Reads objects as programs print them. Mirrors generator/nova_states/lookup/reading/literals.py.

const OPENERS = "{[(<";
const CLOSERS = "}])>";
const DEEPEST = 60;
const LONGEST = 400_000;
const STRING = {
  '"': /u?"((?:[^"\\]|\\[\s\S])*)"/y,
  // A message may name a guest in quotes of the same kind: "(vm='instance-0000002e')".
  "'": /u?'((?:[^'\\]|\\[\s\S]|(?<==)'[^'\\\n]{1,100}'(?=\)))*)'/y,
};
const NAME = /(?:u?"([^"\\\n]{1,80})"|u?'([^'\\\n]{1,80})'|([A-Za-z_][\w-]{0,60}(?::[A-Za-z_][\w-]{0,60}){0,3}))[ \t\n]{0,8}(?:=>|:|=)(?![:=])[ \t\n]{0,200}/y;
const CALL = /(?:[a-z_]\w{0,60}\.){0,8}[A-Z]\w{2,40}(?=\()/y;
const BARE = /[^\s,;{}\[\]()<>"']{1,400}/y;
const GO_NAME = /[A-Z][A-Za-z]{0,40}:(?=\S)/y;
const GO_VALUE = /[^{}\[\]<>"'\n]{1,400}?(?=\s[A-Z][A-Za-z]{0,40}:|[}\]])/y;
const ESCAPE = /\\(u[0-9a-fA-F]{4}|[\s\S])/g;
const ESCAPES = { n: "\n", t: "\t", r: "\n", b: "", f: "" };
const NOTHING = ["None", "null", "nil", "<nil>", "NULL"];
const TRUTH = { True: true, true: true, False: false, false: false };

const RAISED = /(?<![\w'"])raise [\w.]{0,120}$/;
const LONGEST_CODE = 200;

/** Whether what looks like an object is the exception that a line of a traceback raises: its values are names. */
export function isCode(text, place) {
  const begun = place ? text.lastIndexOf("\n", place - 1) + 1 : 0;
  return RAISED.test(text.slice(Math.max(begun, place - LONGEST_CODE), place));
}

function matchAt(regex, text, place) {
  regex.lastIndex = place;
  return regex.exec(text);
}

export function readLiteral(text) {
  const start = text.replace(/^\s+/, "");
  if (!start.startsWith("{") && !start.startsWith("[")) return null;
  const [values] = readObjects(start, 0);
  return values.length ? values[0] : null;
}

/** Objects from a place on, and the place behind the last. */
export function readObjects(text, place) {
  const reader = new Reader(text, place);
  reader.run();
  return [reader.documents, reader.end];
}

const newObject = () => Object.create(null);
const isContainer = (value) => typeof value === "object" && value !== null;

class Reader {
  constructor(text, place) {
    Object.assign(this, { text, place, end: place, documents: [], stack: [], closed: new Set(), cuts: new WeakSet(), isCall: false });
  }

  run() {
    const last = this.place + LONGEST;
    while (this.place < this.text.length && (this.stack.length || this.place < last)) {
      if (this.isCall && this.documents.length && !this.stack.length) return;
      const char = this.text[this.place];
      if (" \t\n,;".includes(char)) {
        if (!this.stack.length && this.text.startsWith("\n\n", this.place)) return;
        this.place++;
      } else if (OPENERS.includes(char)) {
        this.open(char === "[" ? [] : newObject(), null);
      } else if (CLOSERS.includes(char)) {
        this.stack.pop();
        this.end = ++this.place;
      } else {
        const found = matchAt(NAME, this.text, this.place);
        if (found) {
          const name = found[1] ?? found[2] ?? found[3];
          this.named(name, this.place + found[0].length, found[3] !== undefined && /^[A-Z]/.test(name));
        } else if (this.stack.length) {
          this.item();
        } else {
          const call = matchAt(CALL, this.text, this.place);
          if (!call) return;
          this.place += call[0].length;
          this.isCall = true;
        }
      }
    }
  }

  open(value, name) {
    this.put(value, name);
    if (this.stack.length < DEEPEST) this.stack.push(value);
    this.end = ++this.place;
  }

  put(value, name) {
    if (!this.stack.length) {
      if (name === null) this.documents.push(value);
      else this.root(name)[name] = value;
      return;
    }
    const into = this.stack.at(-1);
    if (Array.isArray(into)) {
      if (name === null) into.push(value);
      else into.push(Object.assign(newObject(), { [name]: value }));
    } else if (name !== null) {
      into[name] = value;
    } else if (isContainer(value) && !Object.hasOwn(into, "")) {
      into[""] = value;
    }
  }

  root(name) {
    let last = this.documents.at(-1);
    if (!last || !this.cuts.has(last) || (Object.hasOwn(last, name) && !isContainer(last[name]))) {
      last = newObject();
      this.cuts.add(last);
      this.documents.push(last);
    }
    return last;
  }

  named(name, place, isGo) {
    this.place = place;
    const char = this.text[place] ?? "";
    if (char && "{[(".includes(char)) {
      this.open(char === "[" ? [] : newObject(), name);
      return;
    }
    const [value, after] = (isGo ? this.valueOfGo(place) : null) ?? this.value(place);
    this.place = after;
    this.put(value, name);
    this.end = after;
  }

  /** A value as Go prints it, with blanks up to the next name or the end; null where it looks like any other. */
  valueOfGo(place) {
    const isBehindSign = this.text[place - 1] === ":";
    if (matchAt(GO_NAME, this.text, place)) return isBehindSign ? null : ["", place];
    const found = isBehindSign ? matchAt(GO_VALUE, this.text, place) : null;
    return found && [found[0], place + found[0].length];
  }

  item() {
    const [value, after] = this.value(this.place);
    if (after === this.place) {
      this.place++;
      return;
    }
    this.place = after;
    this.end = after;
    if (Array.isArray(this.stack.at(-1)) && typeof value === "string") this.stack.at(-1).push(value);
  }

  value(place) {
    const char = this.text[place] ?? "";
    const quote = char === "u" ? this.text[place + 1] ?? "" : char;
    if ((quote === '"' || quote === "'") && !this.closed.has(quote)) {
      const found = matchAt(STRING[quote], this.text, place);
      if (found) return [unescape(found[1]), place + found[0].length];
      this.closed.add(quote);
      const line = this.text.indexOf("\n", place);
      const after = line >= 0 ? line : Math.min(this.text.length, place + 400);
      return [this.text.slice(place, after).replace(/^u/, "").replace(/^["' \t,]+|["' \t,]+$/g, ""), after];
    }
    const found = matchAt(BARE, this.text, place);
    if (!found) return [null, place];
    const [word] = found;
    const value = NOTHING.includes(word) ? null : Object.hasOwn(TRUTH, word) ? TRUTH[word] : word;
    return [value, place + word.length];
  }
}

function unescape(text) {
  if (!text.includes("\\")) return text;
  return text.replace(ESCAPE, (_, escape) => {
    if (escape.length > 1 && escape[0] === "u") {
      const code = Number.parseInt(escape.slice(1), 16);
      return code >= 0xd800 && code <= 0xdfff ? "" : String.fromCharCode(code);
    }
    return Object.hasOwn(ESCAPES, escape) ? ESCAPES[escape] : escape;
  });
}

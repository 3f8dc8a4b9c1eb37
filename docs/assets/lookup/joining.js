// Told together: records of one paste that are about one server become that server's answer.
// Mirrors generator/nova_states/lookup/joining.py; the tests hold both to the same answers.

import { toldBeside } from "./beside.js";
import { withCopied } from "./copied_memory.js";
import { areOneHost } from "./hosts.js";
import { runsTwice, sideThatRuns, withOneGuest } from "./one_guest.js";
import { withOrigins } from "./origins.js";
import { withSurroundings } from "./pasted.js";
import { withRefusedHosts } from "./refused_hosts.js";
import { withSharedCauses } from "./shared_causes.js";
import { hostStatusOf, SOMEWHERE, stateOfService } from "./situation.js";
import { withFleets } from "./together.js";

const STATES = ["vm_state", "task_state", "power_state", "status"];
const ABOUT_SERVERS = ["migration", "event", "volume", "allocation", "hypervisor", "log"];
const HOSTLESS = ["deleted", "shelved_offloaded"];
const LEAST_OF_ID = 4;

const only = (values) => [...new Set(values.filter(Boolean))];

/** The records, those about one server as one; what several leave open is left as it is. */
export function joinRecords(reports, powerStates) {
  if (reports.length < 2) return reports;
  const alike = sameServers(sameActions(sameDomains(withOneGuest(withCopied(reports)))));
  const joined = besideServices(withRefusedHosts(alike));
  return withSurroundings(withFleets(withSharedCauses(toldOfServers(withOrigins(joined), powerStates))));
}

/** The records, where what several commands say of one domain, and say alike, is one. */
function sameDomains(reports) {
  const named = only(reports.filter(({ record }) => record === "hypervisor").map(({ read }) => read?.domain));
  const one = named.length === 1 ? named[0] : null;
  const found = [];
  const places = new Map();
  for (const report of reports) {
    const domain = report.record === "hypervisor" ? report.read?.domain || one : null;
    const place = domain ? places.get(domain) : undefined;
    const merged = place === undefined ? null : oneDomain(found[place], report, domain);
    if (merged) {
      found[place] = merged;
      continue;
    }
    if (domain) places.set(domain, found.length);
    found.push(report);
  }
  return found;
}

/** Both as one; null where they contradict each other. */
function oneDomain(one, other, domain) {
  const [here, there] = [one.read ?? {}, other.read ?? {}];
  const [states, reasons] = [only([here.state, there.state]), only([here.reason, there.reason])];
  const runs = sideThatRuns(here, there);
  if (runs) return { ...(runs === here ? one : other), name: domain, read: { ...runs, domain, elsewhere: true } };
  if (states.length > 1 || reasons.length > 1) return null;
  const told = { domain, state: states[0] ?? null, reason: reasons[0] ?? null, ...(runsTwice(here, there) ? { twice: true } : {}) };
  return { ...one, name: domain, power_state: one.power_state ?? other.power_state, read: { ...there, ...here, ...told } };
}

/** The records, where an action that is listed and shown is one. */
function sameActions(reports) {
  // It tells what became of it, and which request it was.
  const isShown = ({ record, read }) => Boolean(record === "event" && read?.events?.length && read.request_id);
  const shown = new Set(reports.filter(isShown).map(({ read }) => read.request_id));
  return reports.filter((report) =>
    report.record !== "event" || isShown(report) || !shown.has(report.read?.request_id ?? null));
}

/** The records, where what a list and a command for one say of a server, and say alike, is one. */
function sameServers(reports) {
  const found = [];
  const places = new Map();
  for (const report of reports) {
    if (report.record !== "server") {
      found.push(report);
      continue;
    }
    const known = places.get(report.id || "") ?? places.get(report.name || "") ?? new Set();
    let place = known.size === 1 ? [...known][0] : null;
    if (place !== null && areOne(found[place], report)) {
      found[place] = oneServer(found[place], report);
    } else {
      place = found.length;
      found.push(report);
    }
    for (const name of only([found[place].id, found[place].name])) {
      if (!places.has(name)) places.set(name, new Set());
      places.get(name).add(place);
    }
  }
  return found;
}

/** Whether two records may be of one server, seen at one time: what one of them leaves out contradicts nothing. */
function areOne(one, other) {
  const isAlike = (name) => one[name] === null || other[name] === null || one[name] === other[name];
  const isAsked = !one.asked || !other.asked || JSON.stringify(one.asked) === JSON.stringify(other.asked);
  return !differ(one, other) && isAlike("id") && isAlike("name") && isAsked;
}

function oneServer(one, other) {
  const [here, there] = [one.read ?? {}, other.read ?? {}];
  const kept = Object.entries(here).filter(([name, value]) => (value !== null && value !== undefined) || !(name in there));
  const read = { ...there, ...Object.fromEntries(kept) };
  const names = ["id", "name", "status", "vm_state", "power_state", "launched", "asked"];
  return {
    ...one,
    ...Object.fromEntries(names.map((name) => [name, one[name] ?? other[name]])),
    task_state: one.has_task ? one.task_state : other.task_state,
    has_task: one.has_task || other.has_task,
    read: Object.keys(read).length ? read : null,
    unread: [...one.unread, ...other.unread],
  };
}

/** The records, with what is known of each host's nova-compute put to the servers that are on it. */
function besideServices(reports) {
  const hosts = new Map();
  const statuses = new Map();
  for (const { record, read } of reports) {
    const state = record === "service" ? stateOfService(read ?? {}) : null;
    // A hypervisor has no binary: it is up while its nova-compute is.
    if (!state || (read.binary ?? "nova-compute") !== "nova-compute" || !read.host) continue;
    const named = [...hosts.keys()].find((host) => areOneHost(host, read.host)) ?? read.host;
    if (!hosts.has(named)) hosts.set(named, new Set());
    hosts.get(named).add(state);
    if (!statuses.has(named)) statuses.set(named, hostStatusOf(read));
  }
  const known = new Map([...hosts].filter(([, states]) => states.size === 1).map(([host, [state]]) => [host, state]));
  const down = [...known.keys()].filter((host) => known.get(host) === "down");
  const isMeant = ({ record }) => record === "server" || record === "refusal";
  const meant = reports.filter(isMeant);
  if (!known.size || !meant.length) return reports;
  // Who pastes one server and one host that is down asks about the server on that host.
  const isOnly = hosts.size === 1 && meant.length === 1 && down.length === 1;
  return reports.map((report) => {
    if (!isMeant(report)) return report;
    const read = report.read ?? {};
    const host = read.host || (isOnly ? down[0] : null);
    const name = host ? [...known.keys()].find((one) => areOneHost(one, host)) : undefined;
    if (name !== undefined) {
      const told = { host, ...hostTold(read, known.get(name), statuses.get(name)) };
      return { ...report, read: { ...read, ...told } };
    }
    if (down.length && !("host" in read) && report.record === "server" && !HOSTLESS.includes(report.vm_state)) {
      const suspects = down.length === 1 ? { suspect: down[0] } : {};
      return { ...report, read: { ...read, ...suspects, words: { listed: SOMEWHERE } } };
    }
    return report;
  });
}

/** What a server's host is: its own `host_status` counts, but a service that is disabled may be down as well. */
function hostTold({ host_status: told }, state, status) {
  if (told && (told !== "MAINTENANCE" || state !== "down")) return { host_status: told, words: { listed: state } };
  return { host_status: told || status, words: { listed: state, service: state } };
}

/** The records, with those about a server put into it. */
function toldOfServers(reports, powerStates) {
  const servers = reports.filter(({ record }) => record === "server");
  const others = reports.filter(({ record }) => ABOUT_SERVERS.includes(record));
  if (!servers.length || !others.length) return reports;
  const named = new Map();
  for (const server of servers) {
    for (const name of only([server.id, server.name, server.read?.instance_name])) {
      if (!named.has(name)) named.set(name, []);
      named.get(name).push(server);
    }
  }
  const single = servers.length === 1 ? servers[0] : null;
  const beside = new Map();
  const taken = new Set();
  for (const other of others) {
    const word = serverOf(other);
    const meant = named.get(word || "") ?? [];
    const server = meant.length === 1 ? meant[0] : single && mayBe(other, word, single, others) ? single : null;
    if (server === null) continue;
    if (!beside.has(server)) beside.set(server, []);
    beside.get(server).push(other);
    taken.add(other);
  }
  return reports.filter((report) => !taken.has(report))
    .map((report) => (beside.has(report) ? toldBeside(report, beside.get(report), powerStates) : report));
}

/** The server that a record names: by its id, by its name, by that of its domain. */
function serverOf({ record, read, id }) {
  if (record === "log") return id;
  return read?.[record === "hypervisor" ? "domain" : "server"] ?? null;
}

/** Whether a record that does not name the only server as that itself does is about it. */
function mayBe(other, word, server, others) {
  const alike = others.filter(({ record }) => record === other.record);
  // One of several domains may be any of them.
  if (other.record === "hypervisor") return (server.read?.instance_name ?? null) === null && alike.length === 1;
  if (word === null) return other.record !== "log" && (other.record !== "volume" || alike.length === 1);
  const bare = word.replace(/\.+$/, "");
  if (bare !== word || (server.id || "").startsWith(word)) {
    return bare.length >= LEAST_OF_ID && (server.id || "").startsWith(bare);
  }
  const isId = word.split("-").length === 5;
  return (isId ? server.id : server.name) === null && only(alike.map(serverOf)).length === 1;
}

/** Servers that are told of more than once and not in the same states, each with all that is told of it. */
export function contradicting(reports) {
  const byId = new Map();
  for (const report of reports) {
    if (report.record !== "server" || report.id === null) continue;
    if (!byId.has(report.id)) byId.set(report.id, []);
    byId.get(report.id).push(report);
  }
  return [...byId.values()].filter(([first, ...others]) => others.some((other) => differ(first, other)));
}

function differ(one, other) {
  if (one.has_task && other.has_task && one.task_state !== other.task_state) return true;
  return STATES.some((name) => one[name] !== null && other[name] !== null && one[name] !== other[name]);
}

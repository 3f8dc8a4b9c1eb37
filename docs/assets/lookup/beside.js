// What records beside a server say of it: the host's word, the migration, the action and the volume that it is about.
// Mirrors generator/nova_states/lookup/beside.py; the tests hold both to the same answers.

import { areOneHost } from "./hosts.js";
import { isElsewhere } from "./one_guest.js";
import { loudness, lower, resultOf } from "./situation.js";

const LISTED = "listed";
// What every server takes from its host, and from nothing else.
const OF_HOSTS = "MEMORY_MB";
// Records of which only one tells why something failed.
const EVENTFUL = ["event", "log"];
const REASONS = ["failure", "cause"];
const VOLUMES = ["error", "attaching", "detaching", "reserved"];
const TELLERS = [["hypervisor", ofDomains], ["event", ofEvents], ["migration", ofMigrations], ["volume", ofVolumes], ["allocation", ofAllocations], ["log", ofLogs]];

const onlyTold = (values) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

/** A server that knows what is told of it elsewhere in the paste. */
export function toldBeside(server, others, powerStates) {
  const read = { ...(server.read ?? {}) };
  const words = { ...(read.words ?? {}) };
  let { id } = server;
  for (const [record, tell] of TELLERS) {
    const alike = others.filter((other) => other.record === record);
    if (!alike.length) continue;
    const [told, said] = tell(alike, server, powerStates);
    // Of two that tell why something failed, the fault's word counts, then that of the action.
    for (const name of REASONS) if (read[name]) delete told[name];
    Object.assign(read, onlyTold(told));
    Object.assign(words, onlyTold(said));
    if (record !== "hypervisor") id = id || (alike.map((one) => one.read?.server).find(Boolean) ?? null);
  }
  // What somebody asks in the same words stands with the first record of the paste.
  const asked = others.find((one) => !EVENTFUL.includes(one.record) && one.read?.cause)?.read.cause;
  if (asked && !read.cause) read.cause = asked;
  const unread = [...server.unread, ...others.flatMap((other) => other.unread)];
  return { ...server, id, read: { ...read, words, beside: others }, unread };
}

function ofDomains(domains, server, powerStates) {
  const reads = domains.map(({ read }) => read ?? {});
  const powerOf = ({ power_state: number }) => powerStates.find(([known]) => known === number)?.[1] ?? null;
  const powers = [...new Set(domains.map(powerOf))];
  const isGone = reads.some(({ reason }) => reason === "missing");
  const [{ domain, state, reason }] = reads;
  // One guest on two hosts is no guest of one state, whatever Nova has on record.
  const twice = reads.find((read) => read.twice);
  if (twice) return [{ instance_name: twice.domain }, { domain: "twice" }];
  const away = reads.find((read) => isElsewhere(read, server.read?.host ?? null));
  if (away) return [{ instance_name: away.domain }, { domain: "elsewhere" }];
  if (powers.length > 1 || (powers[0] === null && !isGone)) return [{ instance_name: domain }, {}];
  return [{ hypervisor: powers[0], domain_state: state, reason, instance_name: domain }, {}];
}

/** How the newest action ended of which that is told, else that actions are listed. */
function ofEvents(events) {
  const ended = events.filter(({ read }) => resultOf(read ?? {}));
  const told = ended.length ? ended : events;
  const newest = firstOfMost(told, ({ read }) => [read?.start_time || ""]);
  const read = newest.read ?? {};
  const result = resultOf(read) || LISTED;
  const failed = (read.events ?? []).find((step) => (step.result || "").toLowerCase() === "error" && step.message);
  const found = { request_id: read.request_id };
  if (result === "error") {
    Object.assign(found, { failure: { message: failed?.message ?? null, error: read.error ?? null }, cause: read.cause });
  }
  if (result === "running") found.started = read.start_time;
  return [found, { event: result }];
}

/** The newest move, and on which side of it the server is. */
function ofMigrations(migrations, server) {
  const number = ({ id }) => (id !== null && /^[0-9]+$/.test(id) ? Number(id) : 0);
  const newest = firstOfMost(migrations, (one) => [one.read?.updated || one.read?.created || "", number(one)]);
  const { source, destination, status, migration_type: type } = newest.read ?? {};
  const host = server.read?.host;
  const isSide = (name) => Boolean(host && name && areOneHost(name, host));
  const side = isSide(source) ? "source" : isSide(destination) ? "destination" : "elsewhere";
  return [
    { migration: newest.id, source, destination },
    {
      migration_status: lower(status), migration_type: lower(type),
      at: host && source && destination ? side : null,
    },
  ];
}

/** The first of those that have most. */
function firstOfMost(things, keyOf) {
  const isMore = (one, other) => {
    const place = one.findIndex((part, at) => part !== other[at]);
    return place >= 0 && one[place] > other[place];
  };
  return things.reduce((most, thing) => (isMore(keyOf(thing), keyOf(most)) ? thing : most));
}

/** On how many hosts it has memory; what else it has, such as a GPU, may be of a provider below that of its host. */
function ofAllocations(allocations) {
  const reads = allocations.map(({ read }) => read ?? {}).filter(({ resources }) => (resources ?? "").includes(OF_HOSTS));
  const hosts = new Set(reads.map(({ provider }) => provider));
  return [{}, { allocated: hosts.size ? (hosts.size === 1 ? "once" : "several") : null }];
}

/** The loudest line, of those the last; what it failed for. */
function ofLogs(logs) {
  const known = logs.filter(({ read }) => read?.log_message || read?.error);
  const told = known.length ? known : logs;
  const loudest = told.reduce((most, log) => (loudness(log) <= loudness(most) ? log : most));
  const read = loudest.read ?? {};
  const failure = read.error ? { message: read.message ?? null, error: read.error } : null;
  return [{ failure, cause: read.cause }, { log: read.log_message ?? null }];
}

/** The volume that is worst for its server. */
function ofVolumes(volumes) {
  const rank = ({ read }) => {
    const place = VOLUMES.findIndex((word) => (lower(read?.status) || "").startsWith(word));
    return place < 0 ? VOLUMES.length : place;
  };
  const ranks = volumes.map(rank);
  const worst = volumes[ranks.indexOf(Math.min(...ranks))];
  return [{ volume: worst.id }, { volume: lower(worst.read?.status) }];
}

// Tells guests of libvirt that somebody made by hand from those of Nova, which has a name of its own for each.
// Mirrors generator/nova_states/lookup/reading/foreign_domains.py.

import { putCauses } from "../root_causes.js";
import { pattern } from "./grammar.js";
import { onOneLine } from "./messages.js";
import { domainReport } from "./records.js";

const DOMAIN = "hypervisor";
const MESSAGES = ["fault", "log"];

/** The records, where all are domains without a sign of Nova, and messages: each domain says so. */
export function nameForeign(reports, text, grammar) {
  const { products: { own }, hypervisor: { failed, named } } = grammar.plain;
  const part = onOneLine(text, grammar);
  const hasNova = pattern(own, "i").test(part) || pattern(named).test(part);
  if (hasNova || reports.some(({ record, id }) => (record !== DOMAIN && !MESSAGES.includes(record)) || id)) return reports;
  let domains = reports.filter(({ record }) => record === DOMAIN);
  const domain = pattern(failed).exec(part)?.groups.domain;
  if (!domains.length && domain) {
    domains = [{ ...domainReport(domain, null, null, grammar), given: reports.length ? reports[0].given : {} }];
  }
  if (!domains.length || !domains.every(({ read }) => read?.domain)) return reports;
  const told = reports.find(({ record, read }) => MESSAGES.includes(record) && read?.cause)?.read ?? {};
  const [first, ...others] = domains.map((report) => ({ ...report, read: { ...report.read, foreign: true } }));
  const unread = reports.flatMap((report) => report.unread).filter((line) => !pattern(failed).test(line));
  const message = (told.fault ?? told).message ?? null;
  const whole = { ...first, read: { ...first.read, message } };
  return [{ ...putCauses(whole, told.cause ?? null, told.also ?? null), unread }, ...others];
}

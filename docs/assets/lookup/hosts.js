// Tells whether two names are of one host: some clients have its short name, others its whole one.
// Mirrors generator/nova_states/lookup/hosts.py; the tests hold both to the same answers.

/** Whether they are alike, or one is the other without its domain. An address has none. */
export function areOneHost(one, other) {
  if (one.toLowerCase() === other.toLowerCase()) return true;
  const [[head, ...domain], [otherHead, ...otherDomain]] = [one, other].map((name) => name.toLowerCase().split("."));
  return head === otherHead && !/^[0-9]+$/.test(head) && !(domain.length && otherDomain.length);
}

// Reads what Placement's API says of allocations. Mirrors generator/nova_states/lookup/reading/allocations.py.

import { newReport } from "../report.js";
import { isObject, own } from "./grammar.js";
import { textOf } from "./values.js";

// What stands beside the allocations of a provider, and not beside those of a server.
const OF_PROVIDER = "resource_provider_generation";

/** The allocations of an answer of Placement, in its order; none where it is another object. */
export function allocationsIn(value, grammar) {
  const given = own(value, "allocations");
  if (!isObject(given) || !Object.entries(given).every(([name, one]) => isAllocation(name, one, grammar))) return [];
  const isOfProvider = Object.hasOwn(value, OF_PROVIDER);
  return Object.entries(given).map(([name, one]) => {
    const resources = Object.entries(one.resources).map(([kind, amount]) => `${kind}: ${textOf(amount) || "?"}`).join(", ");
    const [server, provider] = isOfProvider ? [name, null] : [null, name];
    return newReport({ record: "allocation", read: { server, provider, resources } });
  });
}

function isAllocation(name, value, grammar) {
  return isObject(value) && isObject(own(value, "resources")) && name.includes("-") && grammar.shape("uuid").test(name);
}

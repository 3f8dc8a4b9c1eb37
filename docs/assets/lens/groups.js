// The releases as the entries of a list: a group for each series, the newest first, that says how far it is in its life.

import { element } from "../elements.js";
import { words } from "./words.js";

/** Groups of options for a <select>. */
export function groupsOf(releases) {
  return releases.series.toReversed().map((series) => {
    const life = words.life(releases.lifeOf(series));
    const options = series.versions.toReversed().map((version) => new Option(version, version));
    return element("optgroup", { label: `${releases.nameOf(series)} · ${life}` }, ...options);
  });
}

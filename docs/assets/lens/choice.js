// Which release a reader looks at: the address says it, or else what was chosen on another page.

const KEY = "nova-states.release";
const PARAMETER = "release";

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden here: the choice is kept in the address alone
  }
}

export function wanted() {
  const asked = new URLSearchParams(location.search).get(PARAMETER);
  if (asked) return { word: asked, isStored: false };
  let stored = null;
  try {
    stored = storage()?.getItem(KEY);
  } catch {
    // likewise
  }
  return { word: stored, isStored: true };
}

/** Keeps a choice, or forgets it (null); in the address as well, where that is not another's. */
export function keep(version, inAddress) {
  try {
    if (version) storage()?.setItem(KEY, version);
    else storage()?.removeItem(KEY);
  } catch {
    // likewise
  }
  if (!inAddress) return;
  const address = new URL(location);
  if (version) address.searchParams.set(PARAMETER, version);
  else address.searchParams.delete(PARAMETER);
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

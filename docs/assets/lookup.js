// The lookup on the home page and at /lookup/: its scripts are fetched where its form stands.

const started = new WeakSet();

async function start() {
  const forms = [...document.querySelectorAll("form[data-lookup]")].filter((form) => !started.has(form));
  if (!forms.length) return;
  for (const form of forms) started.add(form);
  const { Lookup } = await import("./lookup/page.js");
  for (const form of forms) form.lookup = new Lookup(form);
}

// Material replaces the page without loading it anew where instant navigation is on.
if (window.document$) window.document$.subscribe(start);
else start();

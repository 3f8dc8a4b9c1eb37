// The lookup on the home page and at /lookup/: its scripts are fetched when somebody turns to its form, or came with an
// address or a text that asks. What is done to the form until they are there is done again then.

const REPEATED = ["click", "submit", "input", "change"];

async function start(form, done) {
  try {
    const { Lookup } = await import("./lookup/page.js");
    form.lookup = new Lookup(form);
  } catch (error) {
    // Not reachable now: the next turn to the form tries again.
    form.querySelector("[data-lookup-headline]").textContent = form.dataset.failed;
    throw error;
  }
  for (const { target, type, inputType } of done.splice(0)) {
    if (type === "click") target.click();
    else target.dispatchEvent(new InputEvent(type, { inputType, bubbles: true, cancelable: true }));
  }
}

function wait(form) {
  const done = [];
  let isStarting = false;
  const turn = (event) => {
    if (form.lookup) {
      kinds.forEach((kind) => form.removeEventListener(kind, turn));
      return;
    }
    if (event.type === "submit") event.preventDefault();
    const isButton = event.type !== "click" || event.target.closest("[data-lookup-example]");
    if (REPEATED.includes(event.type) && isButton) done.push(event);
    if (!isStarting) {
      isStarting = true;
      start(form, done).catch(() => (isStarting = false));
    }
  };
  const kinds = ["focusin", "pointerdown", ...REPEATED];
  kinds.forEach((kind) => form.addEventListener(kind, turn));
  // Without this the form says that it needs script.
  form.dataset.started = "";
}

for (const form of document.querySelectorAll("form[data-lookup]")) {
  wait(form);
  const isAsked = location.search || form.querySelector("textarea").value || form.contains(document.activeElement);
  if (isAsked) form.dispatchEvent(new Event("focusin"));
}

// Folds the form to one line once it is answered, so that the answer stands where the eye is, and opens it again.

export class Fold {
  constructor(form) {
    this.form = form;
    this.ask = form.querySelector("[data-lookup-ask]");
    this.line = form.querySelector("[data-lookup-line]");
    this.opener = form.querySelector("[data-lookup-open]");
    this.opener.addEventListener("click", () => this.open());
    this.ask.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.isAnswered) return;
      this.close(null);
      this.opener.focus();
    });
  }

  get isAnswered() {
    return this.form.querySelector("[data-lookup-answer]").childElementCount > 0;
  }

  /** Say in the line what was asked. */
  tell(text) {
    this.form.querySelector("[data-lookup-told]").textContent = text;
  }

  /** Leave the line; whoever asked goes on reading at the answer, where one is given. */
  close(answer) {
    this.set(true);
    const heading = answer?.querySelector("h2");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    const { top } = this.form.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) this.form.scrollIntoView({ block: "start" });
  }

  /** Show the form again, with what was asked in it. */
  open() {
    this.set(false);
    const chosen = [...this.ask.querySelectorAll("select")].find(({ value }) => value);
    const paste = this.ask.querySelector("textarea");
    (paste.value || !chosen ? paste : chosen).focus();
  }

  set(isFolded) {
    this.form.toggleAttribute("data-folded", isFolded);
    this.ask.hidden = isFolded;
    this.line.hidden = !isFolded;
    this.opener.setAttribute("aria-expanded", String(!isFolded));
  }
}

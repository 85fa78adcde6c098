"use strict";

// Text as spans, one a step, so that each can be coloured and found.

/** A token such that white space can be seen. */
function visible(token) {
  return token.replace(/\n/g, "↵").replace(/\t/g, "⇥").replace(/\r/g, "␍").replace(/ /g, "␣");
}

class TokenText {
  /** `choose` gets a step that is clicked, `note` the step that the pointer is on and makes the note for it. */
  constructor(tokens, { choose, note } = {}) {
    this.spans = tokens.map((token, step) => {
      const ends = token.includes("\n");
      const span = element("span", { class: "token", "data-step": step }, ends ? token.replace(/\n/g, "↵\n") : token);
      return span;
    });
    this.spaced = tokens.every((token) => !/\s/.test(token));
    const spaced = this.spaced ? this.spans.flatMap((span) => [span, " "]) : this.spans;
    this.element = element("div", { class: "tokens" }, spaced);
    if (choose) this.element.addEventListener("click", (event) => this.#at(event, choose));
    if (note) {
      this.element.addEventListener("pointermove", (event) => {
        const at = this.#at(event, (step) => tooltip.show({ x: event.clientX, y: event.clientY }, ...note(step)));
        if (!at) tooltip.hide();
      });
      this.element.addEventListener("pointerleave", () => tooltip.hide());
    }
  }

  #at(event, action) {
    const step = event.target.dataset?.step;
    if (step === undefined) return false;
    action(Number(step));
    return true;
  }

  /** Colours each step; null leaves it as the page is. */
  paint(colourAt, palette) {
    this.spans.forEach((span, step) => {
      const colour = colourAt(step);
      span.style.background = colour ? css(colour) : "";
      span.style.color = colour ? css(palette.textOn(colour)) : "";
    });
  }

  mark(name, from, to = from) {
    this.spans.forEach((span, step) => span.classList.toggle(name, from !== null && step >= from && step <= to));
  }
}

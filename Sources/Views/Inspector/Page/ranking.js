"use strict";

// The units in the chosen order, each with what it was ordered by and its course over the steps.

class Ranking {
  constructor(focus) {
    this.focus = focus;
    this.list = element("ol", { class: "ranking" });
    this.heading = element("h4", {});
    this.element = element("div", {}, this.heading, this.list);
  }

  start() {
    this.focus.watch(["layer", "quantity", "order"], () => this.#fill());
    this.focus.watch(["unit", "layer", "quantity", "order"], () => this.#mark());
    theme.watch(["palette"], () => this.#paint());
  }

  #fill() {
    const order = orderOf(this.focus);
    const quantity = this.focus.quantity;
    this.heading.replaceChildren(`Units by ${order.label}, `, nameOf(quantity.name));
    this.strips = order.units.map((unit) => ({
      unit, shade: new Shade(quantity), course: quantity.course(unit), canvas: element("canvas", { "aria-hidden": true }),
    }));
    this.list.replaceChildren(...this.strips.map((strip) =>
      element("li", {}, element("button", {
        type: "button", class: "ranked", "data-unit": strip.unit, onclick: () => this.focus.set({ unit: strip.unit }),
      }, element("span", { class: "unit-number" }, String(strip.unit)), strip.canvas,
      element("span", { class: "score" }, order.text(strip.unit))))));
    this.#paint();
  }

  #mark() {
    for (const button of this.list.querySelectorAll("button")) {
      const chosen = Number(button.dataset.unit) === this.focus.unit;
      button.setAttribute("aria-pressed", String(chosen));
      if (chosen) showWithin(this.list, button);
    }
  }

  #paint() {
    for (const strip of this.strips) drawStrip(strip, theme.get("palette"));
  }
}

/** Scrolls a list, and not the page, such that an entry is in sight. */
function showWithin(list, entry) {
  const top = entry.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + entry.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

/** One unit's values as a strip of colours. Where steps are many, a column shows the strongest of those it stands for. */
function drawStrip({ canvas, shade, course }, palette) {
  const width = Math.min(course.length, 180);
  canvas.width = width;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  for (let x = 0; x < width; x++) {
    const [first, end] = [x, x + 1].map((edge) => Math.round((edge * course.length) / width));
    const strongest = course.slice(first, end).reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
    context.fillStyle = css(shade.colour(strongest, palette));
    context.fillRect(x, 0, 1, 1);
  }
}

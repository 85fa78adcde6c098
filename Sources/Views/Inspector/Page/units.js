"use strict";

// The input coloured by one unit; arrow keys flip through the units in the order that is chosen.

function fillUnits(panel, focus) {
  const input = focus.model.readsTokens ? new ColouredText(focus) : new ColouredCurves(focus);
  const ranking = new Ranking(focus);
  panel.append(
    element("div", { class: "controls" }, quantityPickers(focus), orderPicker(focus), unitStepper(focus)),
    element("div", { class: "split" },
      element("div", { class: "reading", tabindex: 0, "aria-label": "The input, coloured by one unit; left and right arrows change the unit" },
        unitCaption(focus), input.element),
      ranking.element));
  input.start();
  ranking.start();
}

/** Goes to the unit before or after, or to one by its number. */
function unitStepper(focus) {
  const field = new NumberField("unit", (unit) => focus.set({ unit }));
  focus.watch(["layer", "quantity", "unit"], () => field.show(focus.unit, 0, focus.quantity.width - 1));
  return element("div", { class: "stepper" },
    element("button", { type: "button", "aria-label": "unit before", onclick: () => focus.flip(-1) }, "←"),
    field.element,
    element("button", { type: "button", "aria-label": "next unit", onclick: () => focus.flip(1) }, "→"));
}

/** Which unit this is, in numbers. */
function unitCaption(focus) {
  const caption = element("p", { class: "caption", "aria-live": "polite" });
  focus.watch(["layer", "quantity", "unit"], () => {
    const { layer, quantity, unit } = focus;
    const statistics = layer.statisticsOf(quantity.name);
    const memory = layer.memory_time?.steps[unit];
    caption.replaceChildren(
      element("strong", {}, nameOf(quantity.name), ` ${quantity.place(unit)}`),
      statistics ? `  mean ${number(statistics.mean[unit])}, deviation ${number(Math.sqrt(statistics.variance[unit]))}` : "",
      statistics?.closed ? `, closed ${percent(statistics.closed[unit])}, open ${percent(statistics.open[unit])} of the steps` : "",
      memory === undefined ? "" : `, keeps its memory ${memory === null ? "for ever" : `about ${stepCount(memory)} steps`}`);
  });
  return caption;
}

class ColouredText {
  constructor(focus) {
    this.focus = focus;
    this.text = new TokenText(focus.model.input.tokens, {
      choose: (step) => cursor.set({ step }),
      note: (step) => valueNote(focus.model, focus.layer, focus.quantity, step, focus.unit),
    });
    this.element = this.text.element;
  }

  start() {
    this.focus.watch(["layer", "quantity", "unit"], () => this.#paint());
    theme.watch(["palette"], () => this.#paint());
    cursor.watch(["step"], () => this.text.mark("pinned", cursor.get("step")));
  }

  #paint() {
    const { quantity, unit } = this.focus;
    const palette = theme.get("palette");
    if (!palette) return;
    const shade = new Shade(quantity);
    this.text.paint((step) => shade.colour(quantity.value(step, unit), palette), palette);
  }
}

/** Features as curves over the colours of the unit. */
class ColouredCurves {
  constructor(focus) {
    this.focus = focus;
    this.element = element("div", { class: "curves" });
  }

  start() {
    this.focus.watch(["layer", "quantity", "unit"], () => this.#draw());
    theme.watch(["palette"], () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.element.parentElement);
  }

  #draw() {
    const { model, quantity, unit } = this.focus;
    const width = roomIn(this.element.parentElement) - 32;
    if (width === this.width && unit === this.unit && quantity === this.quantity && theme.get("palette") === this.palette) return;
    Object.assign(this, { width, unit, quantity, palette: theme.get("palette") });
    const values = { name: `${quantity.name} unit ${unit}`, values: [...quantity.course(unit)] };
    this.element.replaceChildren(...[values, ...model.input.columns].map((column) => this.#curve(column, width)));
  }

  #curve(column, width) {
    const { model, quantity, unit } = this.focus;
    const margin = { left: 44, right: 8, top: 20, bottom: 20 };
    const height = 120;
    const x = linearScale([0, model.steps], [margin.left, width - margin.right]);
    const finite = column.values.filter((value) => Number.isFinite(value));
    const y = linearScale([Math.min(0, ...finite), Math.max(1e-9, ...finite)], [height - margin.bottom, margin.top]);
    const svg = chart({ width, height, margin, x, y, label: `${column.name} over the steps`, yTitle: column.name });
    const shade = new Shade(quantity);
    const bands = column.values.map((_, step) => shape("rect", {
      x: x(step), y: margin.top, width: x(step + 1) - x(step) + 0.3, height: height - margin.top - margin.bottom,
      fill: css(shade.colour(quantity.value(step, unit), this.palette)), "data-step": step,
      onclick: () => cursor.set({ step }),
      onpointermove: (event) => tooltip.show({ x: event.clientX, y: event.clientY },
        ...valueNote(model, this.focus.layer, quantity, step, unit)),
      onpointerleave: () => tooltip.hide(),
    }));
    const line = column.values.map((value, step) => [x(step + 0.5), y(value ?? NaN)]);
    svg.append(shape("g", {}, bands), shape("path", { class: "line over-colours", d: linePath(line) }));
    return svg;
  }
}

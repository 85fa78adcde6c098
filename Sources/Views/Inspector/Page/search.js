"use strict";

// Search by example: mark a span of the input, get the units that are on there and off elsewhere, and similar places.

class Search {
  constructor(focus) {
    this.focus = focus;
    const steps = focus.model.steps;
    const from = Math.min(Math.floor(steps / 4), steps - 1);
    this.marked = new Observed({ from, to: Math.min(from + 5, steps - 1), threshold: 0.5 });
    this.first = new NumberField("from step", (step) => this.mark(step, Math.max(step, this.marked.get("to"))));
    this.last = new NumberField("to step", (step) => this.mark(Math.min(step, this.marked.get("from")), step));
    this.threshold = element("input", {
      type: "range", min: 0, max: 0.99, step: 0.01, oninput: () => this.marked.set({ threshold: Number(this.threshold.value) }),
    });
    this.thresholdValue = element("output", {});
    this.units = element("div", { class: "found-units" });
    this.places = element("ol", { class: "places" });
    this.text = focus.model.readsTokens ? new TokenText(focus.model.input.tokens) : null;
    this.input = this.text?.element ?? element("div", { class: "curves" });
  }

  get element() {
    return [
      element("div", { class: "controls" }, quantityPickers(this.focus),
        this.first.element, this.last.element,
        element("label", { class: "control" }, element("span", {}, "threshold ", this.thresholdValue), this.threshold)),
      element("div", { class: "split" },
        element("div", { class: "reading" },
          element("p", { class: "caption" }, this.text ? "Select some text with the pointer, or set the first and last step." : "Drag over the curves, or set the first and last step."),
          this.input),
        element("div", {}, element("h4", {}, "On there, off elsewhere"), this.units, element("h4", {}, "Most similar places"), this.places)),
    ];
  }

  start() {
    if (this.text) document.addEventListener("selectionchange", () => this.#selected());
    else new SpanChart(this.focus.model, this.input, this.marked, (from, to) => this.mark(from, to)).start();
    this.focus.watch(["layer", "quantity"], () => this.#find());
    this.marked.watch(["from", "to", "threshold"], () => this.#find());
  }

  mark(from, to) {
    this.marked.set({ from, to });
  }

  /** Takes over what is selected as text. */
  #selected() {
    const selection = document.getSelection();
    if (selection.isCollapsed || !this.input.contains(selection.anchorNode) || !this.input.contains(selection.focusNode)) return;
    const range = selection.getRangeAt(0);
    const chosen = this.text.spans.map((span, step) => [span, step]).filter(([span]) => touches(range, span)).map(([, step]) => step);
    if (chosen.length > 0) this.mark(chosen[0], chosen.at(-1));
  }

  #find() {
    const quantity = this.focus.quantity;
    const span = { from: this.marked.get("from"), to: this.marked.get("to"), threshold: new Shade(quantity).value(this.marked.get("threshold")) };
    const steps = this.focus.model.steps;
    this.first.show(span.from, 0, steps - 1);
    this.last.show(span.to, 0, steps - 1);
    this.threshold.value = this.marked.get("threshold");
    this.thresholdValue.textContent = number(span.threshold);
    this.text?.mark("marked", span.from, span.to);
    const units = unitsOn(quantity, span).slice(0, 12);
    this.#showUnits(units);
    const compared = units.length > 0 ? [...new Set(units.map((found) => found.unit))] : all(quantity.width);
    this.#showPlaces(similarPlaces(quantity, compared, span, 8));
  }

  #showUnits(units) {
    if (units.length === 0) {
      return this.units.replaceChildren(element("p", { class: "quiet" }, "No unit is on in half of the span and off in half of the rest; places are compared by all units."));
    }
    this.units.replaceChildren(element("table", {},
      element("thead", {}, element("tr", {}, ["unit", "side", "in the span", "elsewhere"].map((title) => element("th", { scope: "col" }, title)))),
      element("tbody", {}, units.map((found) => element("tr", { "data-unit": found.unit },
        element("td", {}, unitButton(found.unit, (unit) => this.focus.set({ unit }), `select unit ${found.unit}`)),
        element("td", {}, found.sign > 0 ? "above" : "below"),
        element("td", {}, percent(found.inside)), element("td", {}, percent(found.outside)))))));
  }

  #showPlaces(places) {
    this.places.replaceChildren(...places.map((place) =>
      element("li", {}, element("button", {
        type: "button", class: "place", "data-from": place.from,
        onclick: () => goTo(this.focus, { step: place.from }),
      }, element("span", { class: "step" }, `step ${place.from}`), this.#context(place),
      element("span", { class: "score", title: "root mean square of the differences, as the colours show them" }, number(place.distance))))));
  }

  #context({ from, to }) {
    if (!this.text) return element("span", {}, `to ${to}`);
    const tokens = this.focus.model.input.tokens;
    const gap = this.text.spaced ? " " : "";
    const piece = (start, end) => tokens.slice(Math.max(0, start), end).join(gap).replace(/\s/g, " ");
    return element("span", { class: "context" }, piece(from - 10, from) + gap, element("mark", {}, piece(from, to + 1)), gap + piece(to + 1, to + 11));
  }
}

function all(count) {
  return Array.from({ length: count }, (_, place) => place);
}

/** Whether a selection covers some of a span's text and more than its edge. */
function touches(range, span) {
  const inner = document.createRange();
  inner.selectNodeContents(span);
  return range.compareBoundaryPoints(Range.END_TO_START, inner) < 0 && range.compareBoundaryPoints(Range.START_TO_END, inner) > 0;
}

function fillSearch(panel, focus) {
  const search = new Search(focus);
  panel.append(...search.element);
  search.start();
}

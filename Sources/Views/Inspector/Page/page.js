"use strict";

// Puts the page together: what is selected, the sections, the keys that work everywhere.

/** The selection within one model. */
class Focus extends Observed {
  constructor(model) {
    const layer = model.layers[0];
    const quantity = layer.quantity(layer.telling);
    const order = firstOrder(layer, quantity);
    const unit = order.key.startsWith("correlation") ? order.units[0] : liveliest(quantity);
    super({ layer: 0, quantity: quantity.name, unit, source: 0, order: order.key });
    this.model = model;
  }

  get layer() {
    return this.model.layers[this.get("layer")];
  }

  get quantity() {
    return this.layer.quantity(this.get("quantity"));
  }

  /** The unit, which a shorter quantity may not have. */
  get unit() {
    return Math.min(this.get("unit"), this.quantity.width - 1);
  }

  chooseLayer(place) {
    const layer = this.model.layers[place];
    const quantity = layer.quantity(this.get("quantity")) ? this.get("quantity") : layer.telling;
    this.set({ layer: place, quantity, unit: Math.min(this.get("unit"), layer.quantity(quantity).width - 1) });
  }

  /** Goes `by` units on in the order that is chosen. */
  flip(by) {
    const units = orderOf(this).units;
    const place = units.indexOf(this.unit) + by;
    this.set({ unit: units[Math.max(0, Math.min(units.length - 1, place))] });
  }
}

/** The step that all models share: the chosen one, and that under the pointer. */
const cursor = new Observed({ step: 0, hovered: null });

{
  const report = new Report(JSON.parse(document.getElementById("report").textContent));
  document.title = report.title;
  const focuses = report.models.map((model) => new Focus(model));

  const sections = allSections(report).filter((section) => !section.when || focuses.some(section.when));

  const main = element("main", {});
  document.body.prepend(
    element("a", { class: "skip", href: "#main" }, "Skip to the report"), masthead(report, sections), main);
  main.id = "main";

  // Sections join the page before they are filled, so that charts know how much room they have.
  for (const section of sections) {
    const panels = element("div", { class: report.models.length > 1 && section.fill ? "models" : "" });
    main.append(element("section", { id: section.id, "aria-labelledby": `${section.id}-title` },
      element("h2", { id: `${section.id}-title` }, section.title), section.note && element("p", { class: "note" }, section.note), panels));
    if (section.whole) panels.append(section.whole());
    if (!section.fill) continue;
    focuses.forEach((focus, place) => {
      const panel = element("div", { class: "model" }, report.models.length > 1 && modelName(focus.model, place));
      panels.append(panel);
      section.fill(panel, focus);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tooltip.hide();
    const flips = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!flips || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, [data-own-keys]")) return;
    const panel = event.target.closest(".model");
    const place = panel ? [...panel.parentElement.children].indexOf(panel) : 0;
    focuses[place].flip(flips);
    event.preventDefault();
  });
}

"use strict";

// What the report found, in sentences; each leads to its place in the heat maps.

function fillFindings(panel, focus) {
  const findings = focus.model.findings;
  if (findings.length === 0) return panel.append(element("p", { class: "quiet" }, "Nothing that would call for attention."));
  panel.append(element("ul", { class: "findings" }, findings.map((finding) =>
    element("li", { "data-level": finding.level },
      element("span", { class: "level" }, finding.level), element("span", {}, finding.text),
      leadsSomewhere(finding) && element("button", { type: "button", class: "link", onclick: () => goTo(focus, finding) }, "show")))));
}

function leadsSomewhere(finding) {
  return [finding.quantity, finding.unit, finding.step].some((place) => place != null);
}

/** Selects a place and scrolls to the heat maps. Layers count from 1. */
function goTo(focus, { layer, quantity, unit, step }) {
  if (layer != null) focus.chooseLayer(layer - 1);
  if (quantity != null && focus.layer.quantity(quantity)) focus.set({ quantity });
  if (unit != null) focus.set({ unit });
  if (step != null) cursor.set({ step });
  document.getElementById("maps").scrollIntoView({ behavior: motion() });
}

/** Whether things may glide. */
function motion() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}

"use strict";

// The head of the page: what was looked at, the way to the sections, light or dark, and the keys.

function masthead(report, sections) {
  return element("header", { class: "masthead" },
    element("div", { class: "title" },
      element("h1", {}, breakable(report.title)),
      report.models.map((model, place) => element("p", { class: "summary" },
        report.models.length > 1 && modelBadge(place), `${model.summary}; ${grouped(model.steps)} steps${lossOf(model)}`)),
      report.thinned && element("p", { class: "thinned" }, report.thinned)),
    element("nav", { "aria-label": "Sections" }, sections.map((section) => element("a", { href: `#${section.id}` }, section.title))),
    element("div", { class: "tools" }, themeSwitch(), keysHelp()));
}

function modelBadge(place) {
  return element("span", { class: "badge", "data-place": place }, "AB"[place]);
}

function modelName(model, place) {
  return element("h3", { class: "model-name" }, modelBadge(place), breakable(model.name));
}

/** The mean loss over all steps that have one. */
function meanLoss(model) {
  const losses = (model.outputs?.loss ?? []).filter((loss) => loss !== null);
  return losses.length > 0 ? losses.reduce((sum, loss) => sum + loss, 0) / losses.length : null;
}

function lossOf(model) {
  const loss = meanLoss(model);
  if (loss === null) return "";
  return model.outputs.top ? `; ${number(loss)} nats a step` : `; mean loss ${number(loss)}`;
}

function themeSwitch() {
  const chips = new Chips("Light or dark", (choice) => theme.set({ choice }));
  theme.watch(["choice"], () =>
    chips.show(["auto", "light", "dark"].map((choice) => ({
      value: choice, label: choice, on: theme.get("choice") === choice,
      title: choice === "auto" ? "as the system has it" : `always ${choice}`,
    }))));
  return chips.element;
}

function keysHelp() {
  const keys = [
    ["← →", "the unit before or after, in the order that is chosen"],
    ["← → ↑ ↓", "in a heat map: the step and the unit; with Shift ten at a time"],
    ["Home End", "in a heat map: the first and the last step"],
    ["Tab", "to the next heat map, control or list"],
    ["Esc", "closes a note"],
  ];
  return element("details", { class: "keys" }, element("summary", {}, "Keys"),
    element("dl", {}, keys.map(([key, meaning]) => [element("dt", {}, key), element("dd", {}, meaning)])));
}

"use strict";

// Two models on the same input: where one is less surprised than the other.

function canCompare(report) {
  return report.models.length === 2 && report.models.every((model) => meanLoss(model) !== null);
}

/** Per step the loss of the first model less that of the second; null where either has none. */
function lossDifferences([first, second]) {
  return first.outputs.loss.map((loss, step) => {
    const other = second.outputs.loss[step] ?? null;
    return loss === null || other === null ? null : loss - other;
  });
}

function comparison(report) {
  const differences = lossDifferences(report.models);
  const [first, second] = report.models;
  const box = element("div", { class: "comparison" },
    element("table", {},
      element("thead", {}, element("tr", {}, ["model", "mean loss", ""].map((title) => element("th", { scope: "col" }, title)))),
      element("tbody", {}, report.models.map((model, place) => element("tr", {},
        element("td", {}, modelBadge(place), breakable(model.name)), element("td", {}, number(meanLoss(model))), element("td", {}, model.summary))))));
  if (first.readsTokens) box.append(...differenceText(first, second, differences));
  else box.append(differenceChart(report.models));
  return box;
}

/** A token is coloured by the loss of predicting it, which is that of the step before it. */
function differenceText(first, second, differences) {
  const at = (step) => (step > 0 ? differences[step - 1] ?? null : null);
  const text = new TokenText(first.input.tokens, {
    choose: (step) => cursor.set({ step }),
    note: (step) => [element("p", { class: "where" }, step === 0 ? "nothing predicts the first token"
      : `step ${step}, ${first.inputAt(step)}: A lost ${number(first.outputs.loss[step - 1])}, B ${number(second.outputs.loss[step - 1])}`)],
  });
  theme.watch(["palette"], () => {
    const palette = theme.get("palette");
    text.paint((step) => (at(step) === null ? null : palette.at(Math.tanh(at(step)), true)), palette);
  });
  return [
    element("p", { class: "caption" }, "Each token by how well it was foreseen: ",
      element("span", { class: "key" }, "orange"), " where A was more surprised, ",
      element("span", { class: "key below" }, "blue"), " where B was; paper where both were alike."),
    element("div", { class: "reading" }, text.element),
  ];
}

function differenceChart(models) {
  const size = { width: 640, height: 200 };
  const margin = { left: 52, right: 12, top: 22, bottom: 34 };
  const losses = models.flatMap((model) => model.outputs.loss).filter((loss) => loss !== null);
  const x = linearScale([0, models[0].steps], [margin.left, size.width - margin.right]);
  const y = linearScale([0, Math.max(1e-9, ...losses)], [size.height - margin.bottom, margin.top]);
  const svg = chart({ ...size, margin, x, y, label: "loss of both models at each step", xTitle: "step", yTitle: "loss" });
  models.forEach((model, place) => svg.append(shape("path", {
    class: `line model-${"ab"[place]}`, d: linePath(model.outputs.loss.map((loss, step) => [x(step), y(loss ?? NaN)])),
  })));
  return svg;
}

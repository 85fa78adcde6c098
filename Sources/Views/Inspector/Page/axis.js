"use strict";

// The axis that all heat maps of a layer share: step numbers, then what is read (tokens, or a curve for each feature), the
// user's labels and the loss.

const curveHeight = 54;
const rulerHeight = 18;
/** The line of a curve's name, above the curve. */
const nameHeight = 16;

class InputAxis {
  constructor(model) {
    this.model = model;
    this.canvas = element("canvas", { class: "axis", role: "img", "aria-label": "the steps, and what is read at each" });
    this.rows = [{ height: rulerHeight, draw: drawRuler }];
    const tokens = model.readsTokens ? tokenRow(model.input.tokens) : null;
    if (tokens) this.rows.push(model.sourceReach ? named("reads", tokens) : tokens);
    if (model.outputs?.kind === "step" && model.outputs.top) this.rows.push(tokenRow(model.outputs.top.map(([first]) => first[0])));
    if (model.sourceReach) {
      this.rows.push(named("to write", tokenRow(Array.from({ length: model.steps }, (_, step) => model.symbolAfter(step) ?? ""))));
    }
    /** The width of a step below which not everything is shown. */
    this.leastColumn = tokens?.leastColumn ?? 3;
    const given = model.isOfSequence ? [] : model.outputs?.columns ?? [];
    const curves = [...(model.readsTokens ? [] : model.input.columns), ...given, ...model.labels];
    if (model.isOfSequence && model.memory.length > 0) curves.push({ name: "moves the output", values: model.memory[0].norms });
    const loss = model.outputs?.loss ?? [];
    if (loss.some((value) => value !== null)) curves.push({ name: "loss", values: loss });
    this.rows.push(...curves.map(curveRow));
    this.height = this.rows.reduce((sum, row) => sum + row.height, 0);
  }

  draw(view, palette, canvas = this.canvas) {
    const context = freshContext(canvas, view.width, this.height);
    let top = 0;
    for (const row of this.rows) {
      context.save();
      context.translate(0, top);
      row.draw(context, view, palette);
      context.restore();
      top += row.height;
    }
  }
}

/** An empty drawing of that size in CSS pixels, sharp on any screen. */
function freshContext(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  return context;
}

function drawRuler(context, view, palette) {
  context.font = view.font;
  const names = view.model.input.names;
  const longest = names?.reduce((one, other) => (other.length > one.length ? other : one)) ?? grouped(view.model.steps);
  const width = context.measureText(longest).width;
  const room = Math.max(names ? 0 : 56, width + 14);
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => step * view.column >= room) ?? 2000;
  context.fillStyle = palette.muted;
  context.textAlign = "center";
  for (let step = Math.ceil(view.first / every) * every; step <= view.last; step += every) {
    const middle = Math.max(width / 2, Math.min(view.width - width / 2, view.x(step) + view.column / 2));
    context.fillText(names?.[step] ?? grouped(step), middle, 12);
  }
}

/** Tokens stand upright where each fits its column, else they are turned by a right angle. */
function tokenRow(tokens) {
  const longest = Math.max(...tokens.map((token) => [...token].length));
  const isShort = longest === 1;
  const height = isShort ? 20 : Math.min(96, 14 + 7 * longest);
  const leastColumn = isShort ? 6 : 9;
  const upright = drawTokens(tokens, height);
  const turned = drawTurnedTokens(tokens, height);
  return {
    height, leastColumn,
    draw: (context, view, palette) => {
      if (view.column < leastColumn) return;
      context.font = view.tokenFont;
      const isRoomy = isShort || context.measureText("m").width * longest + 6 <= view.column;
      (isRoomy ? upright : turned)(context, view, palette);
    },
  };
}

/** A row with its name left of the first step. */
function named(name, row) {
  return {
    ...row,
    draw: (context, view, palette) => {
      row.draw(context, view, palette);
      labelRow(context, view, palette, name);
    },
  };
}

function drawTokens(tokens, height) {
  return (context, view, palette) => {
    context.textAlign = "center";
    for (let step = view.first; step <= view.last; step++) {
      context.fillStyle = /\s/.test(tokens[step]) ? palette.muted : palette.text;
      context.fillText(visible(tokens[step]), view.x(step) + view.column / 2, height - 6);
    }
  };
}

function drawTurnedTokens(tokens, height) {
  return (context, view, palette) => {
    context.textAlign = "left";
    context.fillStyle = palette.text;
    for (let step = view.first; step <= view.last; step++) {
      const token = visible(tokens[step]);
      context.save();
      context.translate(view.x(step) + view.column / 2 + 4, height - 4);
      context.rotate(-Math.PI / 2);
      context.fillText(token.length > 13 ? `${token.slice(0, 12)}…` : token, 0, 0);
      context.restore();
    }
  };
}

function curveRow(column) {
  const present = column.values.filter((value) => value !== null);
  const low = Math.min(0, ...present);
  const high = Math.max(...present, low + 1e-9);
  const y = linearScale([low, high], [curveHeight - 6, nameHeight + 4]);
  return {
    height: curveHeight,
    draw(context, view, palette) {
      context.strokeStyle = palette.rule;
      context.beginPath();
      context.moveTo(view.gutter, y(low));
      context.lineTo(view.width, y(low));
      context.stroke();
      drawCurve(context, view, column.values, y, palette.line);
      labelRow(context, view, palette, column.name);
    },
  };
}

/** A line through the middle of the columns; lonely values are dots. */
function drawCurve(context, view, values, y, colour) {
  context.save();
  view.clip(context, curveHeight);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  let open = false;
  for (let step = Math.max(0, view.first - 1); step <= Math.min(values.length - 1, view.last + 1); step++) {
    if (values[step] === null) {
      open = false;
      continue;
    }
    const [x, height] = [view.x(step) + view.column / 2, y(values[step])];
    if (open) context.lineTo(x, height);
    else context.moveTo(x, height);
    if (!open && (values[step + 1] ?? null) === null) context.rect(x - 1.5, height - 1.5, 3, 3);
    open = true;
  }
  context.stroke();
  context.restore();
}

/** The row's name, above its curve. */
function labelRow(context, view, palette, name) {
  context.font = view.font;
  context.textAlign = "left";
  context.fillStyle = palette.muted;
  context.fillText(name, 0, 14);
}

"use strict";

// The report's data, decoded. Values lie as 16-bit numbers on a scale from low to high; 65535 stands for NaN or infinity.

const notANumber = 65535;

class Quantity {
  #encoded;
  #numbers = null;

  constructor(data) {
    Object.assign(this, {
      name: data.name, label: data.label, role: data.role, width: data.width, rows: data.rows, columns: data.columns, heads: data.heads,
    });
    this.low = data.low;
    this.high = data.high;
    this.#encoded = data.values;
  }

  /** [steps, width] as they came. */
  get numbers() {
    if (this.#numbers === null) {
      const bytes = atob(this.#encoded);
      this.#numbers = new Uint16Array(bytes.length / 2);
      for (let place = 0; place < this.#numbers.length; place++) {
        this.#numbers[place] = bytes.charCodeAt(2 * place) | (bytes.charCodeAt(2 * place + 1) << 8);
      }
    }
    return this.#numbers;
  }

  decoded(stored) {
    return stored === notANumber ? NaN : this.low + (stored * (this.high - this.low)) / 65534;
  }

  value(step, unit) {
    return this.decoded(this.numbers[step * this.width + unit]);
  }

  /** One unit's values at all steps. */
  course(unit) {
    const numbers = this.numbers;
    const course = new Float64Array(numbers.length / this.width);
    for (let step = 0; step < course.length; step++) course[step] = this.decoded(numbers[step * this.width + unit]);
    return course;
  }

  get isGate() {
    return this.role === "gate";
  }

  /** What the map calls a row: its number, or what the quantity says, cut to so many characters. */
  rowName(row, most) {
    if (!this.rows) return String(row);
    const name = visible(this.rows[row]);
    return name.length > most ? `${name.slice(0, most - 1)}…` : name;
  }

  /** Rows of the matrix of each head. */
  get height() {
    return this.width / this.columns / this.heads;
  }

  /** Whether it is a number for each head. */
  get isNumber() {
    return this.width === 1 || (this.heads !== undefined && this.columns === undefined);
  }

  /** Which number of this quantity goes with a number of another one, with that of a head the first one of its part; null where none does. */
  placeOf(unit, other) {
    if (this.isNumber) return Math.min(this.width - 1, Math.floor(unit / (other.width / this.width)));
    if (other.isNumber && this.columns === undefined) return unit * Math.floor(this.width / other.width);
    return this.columns === other.columns && unit < this.width ? unit : null;
  }

  /** A number of a step, for a sentence. */
  place(row) {
    if (this.columns) {
      const [head, rest] = [Math.floor(row / (this.height * this.columns)), row % (this.height * this.columns)];
      const within = this.heads > 1 ? ` of head ${head}` : "";
      return `row ${Math.floor(rest / this.columns)}, column ${rest % this.columns}${within}`;
    }
    if (this.isNumber && this.width > 1) return `head ${row}`;
    return this.rows ? `at “${visible(this.rows[row])}”` : `unit ${row}`;
  }
}

class Layer {
  constructor(data) {
    Object.assign(this, data);
    this.quantities = data.quantities.map((quantity) => new Quantity(quantity));
  }

  quantity(name) {
    return this.quantities.find((quantity) => quantity.name === name);
  }

  statisticsOf(name) {
    return this.statistics.find((statistics) => statistics.quantity === name);
  }

  /** Whether the user held a quantity there. */
  isHeld(name, step, unit) {
    const within = (value, ends) => !ends || (value >= ends[0] && value <= ends[1]);
    return this.held.some((hold) => hold.quantity === name && within(step, hold.steps) && within(unit, hold.units));
  }

  /** The value that a step finds when it begins: that of the step before it in reading order, or the initial state. */
  before(name, step, unit) {
    const quantity = this.quantity(name);
    const earlier = this.direction === "reverse" ? step + 1 : step - 1;
    if (earlier < 0 || earlier * quantity.width >= quantity.numbers.length) return this.initial[name]?.[unit] ?? NaN;
    return quantity.value(earlier, unit);
  }

  /** The quantity that says most at first sight: the last state that is not the output, or else the output. */
  get telling() {
    const states = this.quantities.filter((quantity) => quantity.role === "state");
    return (states.length > 1 ? states.find((state) => state !== states.at(-1)) : states[0] ?? this.quantities[0]).name;
  }

  get gates() {
    return this.quantities.filter((quantity) => quantity.isGate);
  }
}

class Model {
  constructor(data) {
    Object.assign(this, data);
    this.layers = data.layers.map((layer) => new Layer(layer));
    this.readsTokens = data.input.kind === "tokens";
    if (data.source_reach) this.sourceReach = new Quantity(data.source_reach);
  }

  /** What is read at a step, for a sentence. */
  inputAt(step) {
    if (this.readsTokens) return `“${visible(this.input.tokens[step])}”`;
    const numbers = this.input.columns.map((column) => `${column.name} ${number(column.values[step])}`);
    return [this.input.names?.[step] ?? [], ...numbers].flat().join(", ");
  }

  /** The symbol that should come after a step; undefined where that is not known. */
  symbolAfter(step) {
    return this.input.tokens?.[step + 1] ?? (step === this.steps - 1 ? this.following : undefined);
  }

  /** Whether there is one output, of the whole sequence. */
  get isOfSequence() {
    return this.outputs?.kind === "sequence";
  }
}

class Report {
  constructor(data) {
    this.title = data.title;
    this.thinned = data.thinned;
    this.models = data.models.map((model) => new Model(model));
  }
}

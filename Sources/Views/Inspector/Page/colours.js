"use strict";

// Colours of values. Zero is the page's own background. What has a sign goes to orange above zero and to blue below, which
// eyes that mix up red and green tell apart; what has none goes to ink. Mixed in Oklab, so that even steps look even.

const paletteSteps = 256;

class Palette {
  constructor(style) {
    const colour = (name) => rgb(style.getPropertyValue(name).trim());
    this.paper = colour("--paper");
    this.ink = ramp(this.paper, colour("--unsigned"));
    this.above = ramp(this.paper, colour("--above"));
    this.below = ramp(this.paper, colour("--below"));
    this.missing = colour("--missing");
    this.darkText = colour("--dark-text");
    this.lightText = colour("--light-text");
    this.text = style.getPropertyValue("--ink").trim();
    this.muted = style.getPropertyValue("--muted").trim();
    this.rule = style.getPropertyValue("--rule").trim();
    this.line = style.getPropertyValue("--accent").trim();
  }

  /** The colour of a place between -1 and 1; a scale without a sign uses 0 to 1. */
  at(place, signed) {
    if (Number.isNaN(place)) return this.missing;
    const ramp = !signed ? this.ink : place < 0 ? this.below : this.above;
    return ramp[Math.min(paletteSteps - 1, Math.round(Math.abs(place) * (paletteSteps - 1)))];
  }

  /** The text colour that is read best on a background. */
  textOn(colour) {
    return contrast(colour, this.darkText) >= contrast(colour, this.lightText) ? this.darkText : this.lightText;
  }
}

/** How one quantity's values become places of a palette. */
class Shade {
  constructor(quantity) {
    const size = Math.max(Math.abs(quantity.low), Math.abs(quantity.high)) || 1;
    this.signed = quantity.low < 0;
    this.squashed = this.signed && size > 1.2;
    this.size = quantity.isGate || this.squashed ? 1 : size;
  }

  place(value) {
    return this.squashed ? Math.tanh(value) : Math.max(-1, Math.min(1, value / this.size));
  }

  /** The value at a place, which is less than 1. */
  value(place) {
    return this.squashed ? Math.atanh(place) : place * this.size;
  }

  colour(value, palette) {
    return palette.at(this.place(value), this.signed);
  }

  /** The values that a legend names. */
  get ticks() {
    const end = this.squashed ? 2 : Number(this.size.toPrecision(2));
    return this.signed ? [-end, 0, end] : [0, end];
  }

  /** Ready pixels for each of the 65536 stored numbers of a quantity. */
  pixels(quantity, palette) {
    const pixels = new Uint32Array(65536);
    for (let stored = 0; stored < pixels.length; stored++) {
      const [red, green, blue] = this.colour(quantity.decoded(stored), palette);
      pixels[stored] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
    return pixels;
  }
}

function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

function rgb(hex) {
  return [1, 3, 5].map((place) => parseInt(hex.slice(place, place + 2), 16));
}

/** Colours from one to another in even steps for the eye. */
function ramp(from, to) {
  const start = oklab(from);
  const end = oklab(to);
  return Array.from({ length: paletteSteps }, (_, step) => {
    const share = step / (paletteSteps - 1);
    return fromOklab(start.map((value, axis) => value + share * (end[axis] - value)));
  });
}

function linear(channel) {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function gamma(value) {
  const bounded = Math.max(0, Math.min(1, value));
  return Math.round(255 * (bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055));
}

/** Ottosson 2020, A perceptual color space for image processing. */
function oklab(colour) {
  const [red, green, blue] = colour.map(linear);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function fromOklab([light, greenRed, blueYellow]) {
  const long = (light + 0.3963377774 * greenRed + 0.2158037573 * blueYellow) ** 3;
  const medium = (light - 0.1055613458 * greenRed - 0.0638541728 * blueYellow) ** 3;
  const short = (light - 0.0894841775 * greenRed - 1.291485548 * blueYellow) ** 3;
  return [
    gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** The contrast of the Web Content Accessibility Guidelines, 1 to 21. */
function contrast(one, other) {
  const [darker, lighter] = [one, other].map(luminance).sort((left, right) => left - right);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** What classes look like on this page now, as attributes that need no style sheet. */

import { svg } from "./svg";

type Attributes = Readonly<Record<string, string>>;

/** What is said besides colours, with the value that need not be said. */
const STROKES: Attributes = { "stroke-width": "1", "stroke-linejoin": "miter", "stroke-linecap": "butt" };
const WORDS: Attributes = { "font-size": "", "font-weight": "400", "text-anchor": "start" };

export class Colours {
  /** Beside the diagram: what the reader does with that changes its colours. */
  readonly #probes = svg("svg", { width: 0, height: 0, "aria-hidden": "true" });
  readonly #known = new Map<string, Attributes>();
  readonly #canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  /** Something stands in `place` until `remove()`. */
  constructor(place: HTMLElement) {
    place.append(this.#probes);
  }

  remove(): void {
    this.#probes.remove();
  }

  attributesOf(name: string, tag: string): Attributes {
    const attributes = this.#known.get(name) ?? this.#asked(name, tag);
    this.#known.set(name, attributes);
    return attributes;
  }

  #asked(name: string, tag: string): Attributes {
    const probe = svg(tag, { class: name });
    this.#probes.append(probe);
    const style = getComputedStyle(probe);
    const stroke = this.#colour(style.stroke);
    return {
      fill: this.#colour(style.fill),
      ...(stroke === "none" ? {} : { stroke, ...said(style, STROKES) }),
      ...(tag === "text" ? said(style, WORDS) : {}),
    };
  }

  /** A page says colours in many ways, a picture in one. */
  #colour(value: string): string {
    if (value === "none" || !this.#canvas) return "none";
    this.#canvas.clearRect(0, 0, 1, 1);
    this.#canvas.fillStyle = value;
    this.#canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = this.#canvas.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  }
}

function said(style: CSSStyleDeclaration, initial: Attributes): Attributes {
  const values = Object.keys(initial).map((name) => [name, style.getPropertyValue(name).replace(/px$/, "")]);
  return Object.fromEntries(values.filter(([name = "", value]) => value && value !== initial[name]));
}

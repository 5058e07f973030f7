// Charts that share the timeline: drag in one to move through the stunt.

import { number, svg, el } from "./dom.js";

const WIDE = 404, HIGH = 104, LEFT = 42, RIGHT = 6, TOP = 6, BOTTOM = 20, POINTS = 500;

/** Return round numbers between two, about so many. */
export function ticks(low, high, about) {
  const raw = (high - low) / about || 1, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

const decimalsOf = (values) => (values.length > 1 && values[1] - values[0] < 0.99 ? (values[1] - values[0] < 0.099 ? 2 : 1) : 0);

export class Chart {
  /** about: title, unit, decimals, of(state) -> number, cap: largest that is drawn. */
  constructor(about, scrub) {
    this.about = about;
    this.read = el("b", {}, "–");
    this.box = svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${about.title}, ${about.unit}, over time` });
    this.node = el("figure", { class: "chart" }, el("figcaption", {}, el("span", {}, `${about.title} [${about.unit}]`, (this.over = el("span", { class: "soft" }))), this.read), this.box);
    let held = false;
    const move = (event) => {
      const box = this.box.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * WIDE;
      scrub(this.begin + ((x - LEFT) / (WIDE - LEFT - RIGHT)) * (this.end - this.begin));
    };
    this.box.addEventListener("pointerdown", (event) => { if (this.end) { held = true; this.box.setPointerCapture(event.pointerId); move(event); } });
    this.box.addEventListener("pointermove", (event) => { if (held) move(event); });
    this.box.addEventListener("pointerup", () => { held = false; });
  }

  set(tracks, flight, begin, end) {
    Object.assign(this, { tracks, flight, begin, end });
    this.over.textContent = ` over s after ${flight.zero_word}`;
    const { of, cap = Infinity } = this.about;
    const lines = Object.values(tracks).map((track) => sample(track, begin, end, of, cap));
    const values = lines.flatMap((line) => line.points.map((point) => point[1])).filter(Number.isFinite);
    // Far from everything all the time: there is nothing to draw.
    this.node.hidden = !values.length || values.every((value) => value >= cap);
    let low = Math.min(this.about.floor ?? Infinity, ...values), high = Math.max(...values, low + 1e-3);
    const pad = 0.06 * (high - low);
    low = low === this.about.floor ? low : low - pad;
    high += pad;
    this.x = (t) => LEFT + ((t - begin) / (end - begin)) * (WIDE - LEFT - RIGHT);
    const y = (v) => TOP + ((high - v) / (high - low)) * (HIGH - TOP - BOTTOM);
    this.box.replaceChildren(...axes(this.x, y, begin, end, low, high, flight));
    const colours = new Map(flight.stretches.flatMap((item) => item.phases.map((phase) => [phase, item.colour])));
    lines.forEach((line, k) => {
      if (k === 0) for (const span of tracks[flight.subject].spans) this.box.append(stroke(line.points.filter(([t]) => t >= line.at(span.first) - 1e-9 && t <= line.at(span.last) + (end - begin) / POINTS), this.x, y, colours.get(span.phase) ?? "#888", 2));
      else this.box.append(stroke(line.points, this.x, y, "var(--chart)", 1.2, "4 3"));
    });
    this.cursor = svg("line", { class: "cursor", y1: TOP, y2: HIGH - BOTTOM });
    this.box.append(this.cursor);
  }

  show(t) {
    if (!this.cursor) return;
    const x = this.x(Math.min(this.end, Math.max(this.begin, t)));
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    const main = this.tracks[this.flight.subject], over = t > main.last + 0.01;
    const value = this.about.of(main.at(t));
    const capped = this.about.cap !== undefined && value > this.about.cap;
    this.read.textContent = `${capped ? `over ${this.about.cap}` : number(value, this.about.decimals)} ${this.about.unit}${over ? " (at the end)" : ""}`;
  }
}

function sample(track, begin, end, of, cap) {
  const points = [];
  for (let k = 0; k <= POINTS; k++) {
    const t = begin + (k / POINTS) * (end - begin);
    if (t < track.first || t > track.last) continue;
    const value = of(track.at(t));
    points.push([t, Number.isFinite(value) ? Math.min(value, cap) : NaN]);
  }
  return { points, at: (k) => track.t[k] };
}

function stroke(points, x, y, colour, width, dashes = null) {
  let path = "", pen = false;
  for (const [t, v] of points) {
    if (!Number.isFinite(v)) { pen = false; continue; }
    path += `${pen ? "L" : "M"}${x(t).toFixed(1)} ${y(v).toFixed(1)}`;
    pen = true;
  }
  return svg("path", { d: path, fill: "none", stroke: colour, "stroke-width": width, "stroke-dasharray": dashes, "stroke-linejoin": "round" });
}

function axes(x, y, begin, end, low, high, flight) {
  const zero = flight.zero, across = ticks(begin - zero, end - zero, 6), up = ticks(low, high, 3), found = [];
  const decimals = decimalsOf(up);
  for (const v of up) {
    found.push(svg("line", { class: "grid", x1: LEFT, x2: WIDE - RIGHT, y1: y(v), y2: y(v) }));
    found.push(svg("text", { x: LEFT - 5, y: y(v) + 3.5, "text-anchor": "end" }, number(v, decimals)));
  }
  for (const t of across) {
    found.push(svg("line", { class: "grid", x1: x(t + zero), x2: x(t + zero), y1: TOP, y2: HIGH - BOTTOM }));
    found.push(svg("text", { x: x(t + zero), y: HIGH - 7, "text-anchor": "middle" }, number(t, decimalsOf(across))));
  }
  return found;
}

/** Return a map or a side view as one drawing; what serves where there is no WebGL. */
export function sketch(title, lines, { rock = null, circles = [], labels = ["out from the lip [m]", "up from the lip [m]"] } = {}) {
  const wide = 640, high = 340, left = 58, bottom = 40;
  const all = [...lines.flatMap((line) => line.points), ...circles.flatMap((c) => [[c.x - c.r, c.y - c.r], [c.x + c.r, c.y + c.r]])];
  const box = [0, 1].map((k) => [Math.min(...all.map((p) => p[k])), Math.max(...all.map((p) => p[k]))]);
  const scale = Math.min((wide - left - 16) / (box[0][1] - box[0][0] || 1), (high - bottom - 16) / (box[1][1] - box[1][0] || 1)) * 0.94;
  const middle = box.map(([a, b]) => (a + b) / 2);
  const x = (v) => (wide + left) / 2 + (v - middle[0]) * scale, y = (v) => (high - bottom) / 2 + 6 - (v - middle[1]) * scale;
  const edge = [(left - (wide + left) / 2) / scale + middle[0], (wide - 8 - (wide + left) / 2) / scale + middle[0]];
  const node = svg("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": title });
  const clip = svg("clipPath", { id: `clip-${title.length}` }, svg("rect", { x: left, y: 6, width: wide - left - 8, height: high - bottom - 6 }));
  const inside = svg("g", { "clip-path": `url(#clip-${title.length})` });
  node.append(clip);
  for (const v of ticks(edge[0], edge[1], 7)) node.append(svg("line", { class: "grid", x1: x(v), x2: x(v), y1: 6, y2: high - bottom }), svg("text", { x: x(v), y: high - bottom + 14, "text-anchor": "middle" }, number(v, 0)));
  const span = [(high - bottom - 6) / scale];
  for (const v of ticks(middle[1] - span[0] / 2, middle[1] + span[0] / 2, 5)) if (y(v) > 8 && y(v) < high - bottom) node.append(svg("line", { class: "grid", x1: left, x2: wide - 8, y1: y(v), y2: y(v) }), svg("text", { x: left - 5, y: y(v) + 3, "text-anchor": "end" }, number(v, 0)));
  if (rock?.length) inside.append(svg("path", { class: "rock", d: `${rock.map((p, k) => `${k ? "L" : "M"}${x(p[0])} ${y(p[1])}`).join("")}L${x(rock.at(-1)[0])} ${high * 9}L${x(rock[0][0])} ${high * 9}Z` }));
  for (const c of circles) inside.append(svg("circle", { cx: x(c.x), cy: y(c.y), r: Math.max(2, c.r * scale), fill: "none", stroke: c.colour, "stroke-width": 2 }), svg("text", { x: x(c.x), y: y(c.y) - c.r * scale - 4, "text-anchor": "middle" }, c.name));
  for (const line of lines) inside.append(stroke(line.points, x, y, line.colour, line.width ?? 2, line.dashes));
  node.append(inside, svg("text", { x: (wide + left) / 2, y: high - 6, "text-anchor": "middle" }, labels[0]), svg("text", { x: 12, y: (high - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(high - bottom) / 2})` }, labels[1]));
  const dot = svg("circle", { r: 5, fill: "var(--accent)", stroke: "#fff" });
  node.append(dot);
  return { node: el("figure", { class: "chart" }, el("figcaption", {}, title), node), show: (p) => { dot.setAttribute("cx", x(p[0])); dot.setAttribute("cy", y(p[1])); } };
}

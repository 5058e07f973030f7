// The page "Flight": how it ended, what is short, charts, events, all margins.

import { Chart, sketch } from "./chart.js";
import { byId, el, number } from "./dom.js";

const WORDS = [
  { title: "Height above ground", unit: "m", decimals: 0, of: (s) => s.height, floor: 0 },
  { title: "Speed over the ground", unit: "m/s", decimals: 1, of: (s) => s.speed, floor: 0 },
  { title: "Load", unit: "g", decimals: 2, of: (s) => s.load, floor: 0 },
  { title: "To the nearest rock", unit: "m", decimals: 1, of: (s) => s.clearance, cap: 150 },
];

export class FlightPage {
  constructor(scrub) {
    this.scrub = scrub;
    this.charts = WORDS.map((about) => new Chart(about, scrub));
    this.head = el("div");
    this.tables = el("div");
    this.node = el("div", {}, this.head, el("div", { class: "charts" }, ...this.charts.map((chart) => chart.node)), this.tables);
  }

  set(flight, tracks, begin, end) {
    Object.assign(this, { flight, tracks });
    for (const chart of this.charts) chart.set(tracks, flight, begin, end);
    this.head.replaceChildren(outcome(flight));
    this.tables.replaceChildren(events(flight, this.scrub), margins(flight), limits(flight));
  }

  show(t) {
    for (const chart of this.charts) chart.show(t);
  }
}

/** Return what a run is called. */
export const called = (flight) => (flight.run === null ? "Nominal run: every field at its centre" : `Run ${flight.run} of seed ${flight.seed}`);

function outcome(flight) {
  const short = flight.margins.filter((margin) => margin.short);
  const bad = !flight.resolved || !["landed", "came-to-rest"].includes(flight.outcome) || flight.words.includes("OUTSIDE");
  const edge = bad ? "bad-edge" : short.length ? "warn-edge" : "good-edge";
  return el("div", { class: `card ${edge}`, id: "outcome" },
    el("div", { class: "soft" }, called(flight)),
    el("b", {}, flight.words),
    flight.resolved ? null : el("p", { class: "bad" }, `UNRESOLVED, never safe: ${flight.doubts.join("; ")}`),
    short.length
      ? el("ul", {}, ...short.slice(0, 3).map((m) => el("li", {}, el("span", { class: "bad" }, "short: "), `${m.label} ${m.spare} (is ${m.found}, limit ${m.limit})`)),
          short.length > 3 ? el("li", { class: "soft" }, `and ${short.length - 3} more below`) : null)
      : el("p", { class: "soft" }, "No margin is short in this run; one run is no verdict."));
}

function events(flight, scrub) {
  const rows = flight.events.map((event) =>
    el("tr", {},
      el("td", { class: "n" }, el("button", { type: "button", onclick: () => scrub(event.t), title: "Go there" }, `${number(event.t - flight.zero, 2)} s`)),
      el("td", {}, event.name), el("td", { class: "n" }, `${number(event.speed, 1)} m/s`),
      el("td", { class: "n" }, `${number(event.height, 0)} m`)));
  return el("section", {}, el("h2", {}, "What happened"), el("table", { id: "events" },
    el("thead", {}, el("tr", {}, el("th", { class: "n" }, `after ${flight.zero_word}`), el("th", {}, "event"), el("th", { class: "n" }, "speed"), el("th", { class: "n" }, "above landing"))),
    el("tbody", {}, ...rows)));
}

function margins(flight) {
  const rows = flight.margins.map((m) =>
    el("tr", { title: `limit from: ${m.source}` }, el("td", {}, m.short ? el("span", { class: "bad" }, "▲ short ") : null, m.label),
      el("td", { class: "n" }, m.found), el("td", { class: "n" }, m.limit), el("td", { class: `n ${m.short ? "bad" : ""}` }, m.spare)));
  return el("section", {}, el("h2", {}, "Margins"), el("table", {},
    el("thead", {}, el("tr", {}, ...["margin", "found", "limit", "to spare"].map((word, k) => el("th", { class: k ? "n" : "" }, word)))),
    el("tbody", {}, ...rows)));
}

function limits(flight) {
  return el("section", {}, el("h2", {}, "Not modelled"), el("ul", { class: "soft" }, ...flight.not_modelled.map((line) => el("li", {}, line))));
}

/** Draw the stunt without WebGL: from the side and from above. */
export class Instead {
  constructor(why) {
    this.node = byId("instead");
    this.node.hidden = false;
    this.why = why;
    this.node.replaceChildren(el("p", { class: "warn" }, why));
  }

  set(flight, tracks, site) {
    this.main = tracks[flight.subject];
    const bearing = site.out_bearing, out = (p, k) => p[3 * k] * Math.sin(bearing) + p[3 * k + 1] * Math.cos(bearing);
    const side = [], top = [];
    const colours = new Map(flight.stretches.flatMap((item) => item.phases.map((phase) => [phase, item.colour])));
    const add = (track, first, last, colour, dashes) => {
      const step = Math.max(1, Math.floor((last - first) / 300)), rows = [];
      for (let k = first; k <= last; k += step) rows.push(k);
      side.push({ colour, dashes, points: rows.map((k) => [out(track.position, k), track.position[3 * k + 2]]) });
      top.push({ colour, dashes, points: rows.map((k) => [track.position[3 * k], track.position[3 * k + 1]]) });
    };
    for (const span of this.main.spans) add(this.main, span.first, Math.min(span.last + 1, this.main.n - 1), colours.get(span.phase) ?? "#888");
    if (tracks.motorcycle) add(tracks.motorcycle, 0, tracks.motorcycle.n - 1, "var(--chart)", "5 3");
    const circles = site.places.map((p) => ({ x: p.east, y: p.north, r: p.radius, name: p.name, colour: p.role === "landing" ? "#009E73" : "#b00020" }));
    this.side = sketch("From the side", side, { rock: site.profile });
    this.top = sketch("From above", top, { circles, labels: ["east of the lip [m]", "north of the lip [m]"] });
    this.bearing = bearing;
    this.node.replaceChildren(el("p", { class: "warn" }, this.why), this.side.node, this.top.node);
  }

  show(t) {
    if (!this.main) return;
    const [x, y, z] = this.main.at(t).position;
    this.side.show([x * Math.sin(this.bearing) + y * Math.cos(this.bearing), z]);
    this.top.show([x, y]);
  }
}

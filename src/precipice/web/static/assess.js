// The page "Assessment": run one with progress, cancel it, read it, compare it with the last.

import { get, post } from "./api.js";
import { byId, el, number, percent } from "./dom.js";

const VERDICT = { met: ["✔ MET", "met"], "not met": ["✖ NOT MET", "not-met"], "not shown": ["? NOT SHOWN", "not-shown"] };

export class AssessPage {
  /** hear: open(run, seed), failed(error). */
  constructor(hear) {
    this.hear = hear;
    this.runs = el("input", { type: "number", id: "runs-wanted", min: 1, max: 1000000, value: 10000 });
    this.seed = el("input", { type: "number", id: "assess-seed", min: 0, value: 0 });
    const start = (what) => () => post(`/api/${what}`, { runs: Number(this.runs.value), seed: Number(this.seed.value) }).catch(hear.failed);
    this.start = el("button", { type: "button", class: "main", id: "assess", onclick: start("assess") }, "Assess");
    this.compare = el("button", { type: "button", id: "compare", onclick: start("compare"), title: "Fly the last assessed scenario and this one with the same draws" }, "Compare with the last");
    this.jobs = el("div", { id: "jobs" });
    this.found = el("div", { id: "assessment" }, el("p", { class: "soft" }, "Nothing is assessed yet. An assessment flies the stunt many times and says how likely each hazard is, and how sure that is."));
    this.node = el("div", {}, el("div", { class: "bar" }, el("label", {}, "runs ", this.runs), el("label", {}, "seed ", this.seed), this.start, this.compare), this.jobs, this.found);
    this.shown = 0;
  }

  async heed(state) {
    if (!this.seeded) {
      this.seeded = true;
      this.seed.value = String(state.first.seed);
    }
    this.compare.disabled = !state.jobs.some((job) => job.do === "assess" && job.status === "done");
    this.start.disabled = state.problems.length > 0;
    this.list(state.jobs);
    const last = state.jobs.filter((job) => job.status === "done").at(-1);
    if (last && last.number !== this.shown) {
      this.shown = last.number;
      await this.open(last.number).catch(this.hear.failed);
    }
    if (!state.jobs.length && this.shown) this.shown = 0;
    const judged = state.jobs.filter((job) => job.do === "assess" && job.status === "done").at(-1);
    const stale = judged && judged.flown !== state.flown;
    byId("verdict").classList.toggle("stale", Boolean(stale));
    byId("stale").hidden = !stale;
    // Runs are flown of the scenario on the page: after an edit they are others than those that were judged.
    const read = state.jobs.find((job) => job.number === this.shown), other = Boolean(read && read.flown !== state.flown);
    for (const button of this.found.querySelectorAll("button.link")) button.disabled = other;
    const note = this.found.querySelector("#other-runs");
    if (note) note.hidden = !other;
  }

  list(jobs) {
    const text = JSON.stringify(jobs);
    if (text === this.before) return;
    this.before = text;
    const focused = document.activeElement?.dataset?.job;
    this.jobs.replaceChildren(...jobs.slice(-8).reverse().map((job) => this.row(job)));
    if (focused) this.jobs.querySelector(`[data-job="${focused}"]`)?.focus();
    document.documentElement.dataset.job = jobs.at(-1)?.status ?? "";
  }

  row(job) {
    const busy = job.status === "running" || job.status === "waiting", p = job.progress;
    const pace = p.rate ? `${number(p.rate, 0)} a second, ${number(p.left, 0)} s left` : "";
    const words = { waiting: "waiting for its turn", running: p.what ? `${p.what}${p.runs ? `: ${p.done} of ${p.runs} runs` : ""} ${pace}` : "starting", done: "done", failed: `failed: ${job.error}`, cancelled: "cancelled: nothing of it is kept" }[job.status];
    const name = `${job.do === "assess" ? "Assessment" : "Comparison"} ${job.number}: ${job.runs.toLocaleString("en")} runs, ${job.label}`;
    return el("div", { class: `card ${job.status === "failed" ? "bad-edge" : ""}`, data: { status: job.status } },
      el("div", { class: "jobhead" }, el("b", {}, name),
        busy ? el("button", { type: "button", class: "cancel", data: { job: `cancel-${job.number}` }, onclick: () => post("/api/cancel", { number: job.number }).catch(this.hear.failed) }, "Cancel")
          : job.status === "done" ? el("button", { type: "button", data: { job: `read-${job.number}` }, onclick: () => this.open(job.number).catch(this.hear.failed) }, "Read") : null),
      busy ? el("progress", p.runs ? { max: p.runs, value: p.done, "aria-label": name } : { "aria-label": name }) : null,
      el("div", { class: job.status === "failed" ? "bad" : "soft" }, words));
  }

  async open(number_) {
    const { result, do: kind, changes } = await get(`/api/results/${number_}`);
    if (kind === "compare") this.found.replaceChildren(comparison(result, changes));
    else {
      this.found.replaceChildren(assessment(result, this.hear.open));
      headline(result);
    }
    document.documentElement.dataset.result = number_;
  }
}

/** Put the verdict where it is seen first. */
function headline(found) {
  const [words, style] = VERDICT[found.verdict];
  const held = holdBack(found);
  const node = byId("verdict");
  node.className = `verdict ${style}`;
  node.replaceChildren(words, el("small", { id: "stale", hidden: true }, "of the scenario before the last edits"), el("small", {}, `${found.runs.toLocaleString("en")} runs${held.length ? `; held back by ${held[0].name}` : ""}`));
}

/** Return the three things that hold it back: judged hazards not met or not shown, worst first. */
function holdBack(found) {
  const judged = found.hazards.filter((hazard) => hazard.limit !== null && hazard.verdict !== "met");
  return judged.sort((a, b) => (b.verdict === "not met") - (a.verdict === "not met") || b.chance / b.limit - a.chance / a.limit).slice(0, 3);
}

function assessment(found, open) {
  const [words, style] = VERDICT[found.verdict], held = holdBack(found);
  const edge = { met: "good-edge", "not-met": "bad-edge", "not-shown": "warn-edge" }[style];
  const flip = found.flips_on;
  return el("div", {},
    el("div", { class: `card ${edge}` }, el("b", {}, `Verdict: ${words}`), el("span", { class: "soft" }, ` ${found.runs.toLocaleString("en")} runs, seed ${found.seed}, ${number(found.wall_s, 0)} s`),
      held.length ? el("div", {}, "What holds it back:", el("ul", {}, ...held.map((hazard) => el("li", {}, el("b", {}, hazard.name), `: ${percent(hazard.chance)} (${percent(hazard.low)} to ${percent(hazard.high)}${guesses(hazard, "; ")}), accepted is ${percent(hazard.limit)}`)))) : null,
      flip?.field ? el("div", {}, flip.flips ? "The assumption that would flip it: " : "The assumption that weighs most: ", el("b", {}, flip.field), `, ${flip.basis}${flip.constant ? ", a constant that nobody has measured" : ""}: one standard deviation ${flip.direction}, the chance of ${flip.hazard} is ${percent(flip.chance)}.`) : null,
      found.unresolved ? el("p", { class: "bad" }, `${found.unresolved} ${found.unresolved === 1 ? "run is" : "runs are"} unresolved: never counted as safe.`) : null),
    el("p", { class: "warn", id: "other-runs", hidden: true }, "A field was edited since: worst runs can be opened again once the edits are discarded."),
    el("table", { id: "hazards" }, el("thead", {}, el("tr", {}, el("th", {}, "hazard"), el("th", { class: "n" }, "chance"), el("th", { class: "scale-head" }, scaleHead()))),
      el("tbody", {}, ...found.hazards.flatMap((hazard) => row(hazard, found, open)))),
    el("h2", {}, "The model cannot see"), el("ul", { class: "soft" }, ...found.unseen.map((line) => el("li", {}, line))));
}

function row(hazard, found, open) {
  const [words, style] = hazard.limit === null ? ["no criterion", "soft"] : VERDICT[hazard.verdict];
  const tone = { met: "good", "not-met": "bad", "not-shown": "warn", soft: "soft" }[style];
  const drivers = (hazard.drivers ?? []).slice(0, 2).map((driver) => driver.field.replace(/^luck\./, "rig.malfunction."));
  const limit = hazard.limit === null ? "" : `; limit ${percent(hazard.limit)}, ${hazard.accepted_by}`;
  const worst = (hazard.worst ?? []).slice(0, 4).map((item) => el("button", { type: "button", class: "link", title: "Show this run", onclick: () => open(item.run, found.seed) }, String(item.run)));
  return [
    el("tr", { class: "first" }, el("td", {}, el("b", {}, hazard.name), " ", el("span", { class: tone }, words)), el("td", { class: "n" }, percent(hazard.chance)), el("td", { class: "bar-cell" }, interval(hazard))),
    el("tr", { class: "more" }, el("td", { class: "soft", colspan: 3 }, `${percent(hazard.low)} to ${percent(hazard.high)}${guesses(hazard, "; ")}${limit}`, hazard.why ? el("div", {}, hazard.why) : null,
      drivers.length ? el("div", {}, `driven by ${drivers.join(", ")}`) : null, worst.length ? el("div", {}, "worst runs ", ...worst) : null)),
  ];
}

/** Return what guesses at constants that nobody has measured make of a chance; nothing where they were not spread. */
function guesses(hazard, before) {
  return !spread(hazard) ? "" : `${before}${percent(hazard.ignorance_low)} to ${percent(hazard.ignorance_high)} over guesses`;
}

/** Return whether guesses moved a chance at all. */
const spread = (hazard) => hazard.ignorance_high > hazard.ignorance_low;

/** Name the scale of the intervals, and their marks. */
function scaleHead() {
  const mark = (share, words) => el("span", { style: { left: `${share}%` } }, words);
  return el("div", { role: "img", "aria-label": "scale by powers of ten: dark bar what the runs leave open, dashes what guesses leave open, red dashes the limit" },
    el("div", {}, "▬ runs  ╌ guesses  ", el("span", { class: "bad" }, "┊ limit")),
    el("div", { class: "decades" }, mark(0, "10⁻⁶"), mark(33.3, "10⁻⁴"), mark(66.7, "1 %"), mark(100, "1")));
}

/** Draw an interval on a scale of powers of ten, from one in a million to one. */
function interval(hazard) {
  const at = (share) => `${Math.max(0, Math.min(100, (100 * (Math.log10(Math.max(share, 1e-6)) + 6)) / 6))}%`;
  const width = `calc(${at(hazard.high)} - ${at(hazard.low)})`;
  return el("div", { class: "interval", role: "img", "aria-label": `${percent(hazard.low)} to ${percent(hazard.high)} on a scale from one in a million to certain, by powers of ten` },
    !spread(hazard) ? null
      : el("s", { style: { left: at(hazard.ignorance_low), width: `calc(${at(hazard.ignorance_high)} - ${at(hazard.ignorance_low)})` } }),
    el("i", { style: { left: at(hazard.low), width } }), el("b", { style: { left: at(hazard.chance) } }),
    hazard.limit === null ? null : el("u", { style: { left: at(hazard.limit) } }));
}

function comparison(found, changes) {
  const rows = [...found.hazards, found.any_hazard].map((h) => {
    const [low, high] = Array.isArray(h.interval) ? h.interval : [h.interval.low, h.interval.high];
    const word = !h.shown ? "no difference shown" : h.change < 0 ? "▼ less likely" : "▲ likelier";
    return el("tr", {}, el("td", {}, h.name, el("div", { class: h.shown ? (h.change < 0 ? "good" : "bad") : "soft" }, word)), el("td", { class: "n" }, percent(h.first)), el("td", { class: "n" }, percent(h.second)),
      el("td", { class: "n" }, `${points(h.change)}`, el("div", { class: "soft" }, `${points(low)} to ${points(high)}`)));
  });
  return el("div", { id: "comparison" },
    el("div", { class: "card" }, el("b", {}, "The last assessed scenario against this one"), el("span", { class: "soft" }, ` ${found.runs.toLocaleString("en")} runs of each, the same draws`),
      el("ul", {}, ...changes.map(([name, before, after]) => el("li", {}, `${name}: ${before} → `, el("b", {}, after))))),
    el("table", {}, el("thead", {}, el("tr", {}, ...["hazard", "last", "this", "change, 95 %"].map((word, k) => el("th", { class: k ? "n" : "" }, word)))), el("tbody", {}, ...rows)));
}

const points = (share) => `${share > 0 ? "+" : share < 0 ? "−" : ""}${percent(Math.abs(share))}`;

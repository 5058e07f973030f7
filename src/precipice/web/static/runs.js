// The page "Many runs": fly some, see how they end, open one.

import { getArrays, post } from "./api.js";
import { byId, el, number } from "./dom.js";
import { look } from "./outcome.js";

const SHOWN = 300;

export class RunsPage {
  /** hear: open(run, seed), add(list, tracks, ends), clear(), hide(outcome, hidden), failed(error). */
  constructor(hear) {
    this.hear = hear;
    this.list = [];
    this.hidden = new Set();
    this.count = el("input", { type: "number", id: "many", min: 1, max: 2000, value: 200 });
    this.seed = el("input", { type: "number", id: "many-seed", min: 0, value: 0 });
    this.start = el("button", { type: "button", class: "main", id: "fly-many", onclick: () => this.fly() }, "Fly them");
    this.stop = el("button", { type: "button", hidden: true, onclick: () => post("/api/ensemble/stop").catch(hear.failed) }, "Stop");
    this.bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": "Runs flown" });
    this.words = el("p", { class: "soft", role: "status", id: "many-words" }, "Each run draws every uncertain field, gusts and luck anew. The nominal run stays to compare with.");
    this.table = el("tbody");
    this.sums = el("div");
    this.node = el("div", {},
      el("div", { class: "bar" }, el("label", {}, "runs ", this.count), el("label", {}, "seed ", this.seed), this.start, this.stop),
      this.bar, this.words, this.sums,
      el("div", { class: "bar" }, el("label", {}, "open run ", (this.number = el("input", { type: "number", min: 0, value: 0, id: "run-number" }))),
        el("button", { type: "button", onclick: () => hear.open(Number(this.number.value), Number(this.seed.value)) }, "Show"),
        el("button", { type: "button", id: "nominal", onclick: () => hear.open(null, 0) }, "Nominal run")),
      el("table", { id: "runs" }, el("thead", {}, el("tr", {}, el("th", { class: "n" }, "run"), el("th", {}, "how it ended"), el("th", { class: "n" }, "lasted"))), this.table));
  }

  async fly() {
    this.forget();
    await post("/api/ensemble", { runs: Number(this.count.value), seed: Number(this.seed.value) }).catch(this.hear.failed);
  }

  forget() {
    this.list = [];
    this.flownSeed = Number(this.seed.value);
    this.table.replaceChildren();
    this.hear.clear();
    this.sum();
  }

  /** Fetch what is new when the state says that there is some. */
  async heed(state) {
    const about = state.ensemble;
    if (!this.seeded) {
      this.seeded = true;
      this.seed.value = String(state.first.seed);
    }
    if (!about || this.fetching) return;
    const busy = about.done < about.runs;
    if (about.done > this.list.length) {
      this.fetching = true;
      try {
        const more = await getArrays(`/api/ensemble?first=${this.list.length}`);
        if (more.error) this.hear.failed(new Error(more.error));
        if (more.first === this.list.length) this.take(more);
        this.flownSeed = more.seed;
      } catch (error) {
        this.hear.failed(error);
      } finally {
        this.fetching = false;
      }
    }
    this.bar.hidden = this.stop.hidden = !busy || this.list.length >= about.runs;
    this.bar.value = about.done / about.runs;
    this.words.textContent = `${this.list.length} of ${about.runs} runs of seed ${about.seed} flown. Click a track, or a number below, to open that run.`;
    document.documentElement.dataset.runs = this.list.length;
  }

  take(more) {
    for (const about of more.list) {
      this.list.push(about);
      if (this.list.length > SHOWN) continue;
      this.table.append(el("tr", { data: { run: about.run } },
        el("td", { class: "n" }, el("button", { type: "button", onclick: () => this.hear.open(about.run, this.flownSeed) }, String(about.run))),
        el("td", {}, el("span", { class: "mark", style: { color: look(about.outcome).colour } }, `${look(about.outcome).mark} `), look(about.outcome).name,
          about.short ? el("div", { class: "soft" }, `short: ${about.short}`) : null),
        el("td", { class: "n" }, `${number(about.seconds, 1)} s`)));
    }
    this.hear.add(more.list, more.arrays.tracks, more.arrays.ends);
    this.sum();
  }

  counts() {
    const found = new Map();
    for (const { outcome } of this.list) found.set(outcome, (found.get(outcome) ?? 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1]);
  }

  sum() {
    const rows = this.counts().map(([outcome, count]) => {
      const { name, colour, mark } = look(outcome), shown = !this.hidden.has(outcome);
      return el("button", { type: "button", class: "row", "aria-pressed": String(shown), title: "Show or hide these tracks", onclick: () => this.toggle(outcome) },
        el("span", { class: "swatch", style: { background: colour } }), `${mark} ${name}: ${count}`);
    });
    this.legend = rows;
    byId("legend").dispatchEvent(new Event("change"));
  }

  toggle(outcome) {
    if (this.hidden.has(outcome)) this.hidden.delete(outcome); else this.hidden.add(outcome);
    this.hear.hide(outcome, this.hidden.has(outcome));
    this.sum();
  }

  mark(run) {
    for (const row of this.table.children) row.classList.toggle("now", row.dataset.run === String(run));
  }
}

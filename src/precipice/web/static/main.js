// Puts the parts together: what is shown, at what time, from where.

import { ask, getArrays, on, post, watch } from "./api.js";
import { AssessPage } from "./assess.js";
import { byId, el, number } from "./dom.js";
import { FieldsPage } from "./fields.js";
import { FlightPage, Instead, called } from "./flight.js";
import { RunsPage } from "./runs.js";
import { Track } from "./track.js";
import { View } from "./view.js";

const page = document.documentElement;
let view = null, instead = null, site = null, flight = null, tracks = null, state = null;
let revision = 0, begin = 0, end = 1, extent = [0, 1], time = 0, playing = false, drawnAt = 0, chosen = { run: null, seed: 0 };

// ------------------------------------------------------------------------------------------------- messages

const banner = byId("banner"), status = byId("status");
function failed(error) {
  console.info(error.message);
  status.textContent = error.message;
  status.className = "bad";
  clearTimeout(failed.timer);
  failed.timer = setTimeout(() => { status.textContent = ""; }, 12000);
}
on("gone", () => {
  banner.hidden = false;
  banner.textContent = "The server does not answer: what you see is what was last known. Trying again … (start it with precipice serve)";
  page.dataset.server = "gone";
});
on("back", async (other) => {
  banner.hidden = true;
  page.dataset.server = "back";
  if (!other) return;
  // Another server knows nothing of what was written here: say it again.
  const edits = Object.entries(state?.edits ?? {});
  revision = 0;
  runsPage.forget();
  assessPage.shown = 0;
  for (const [path, text] of edits) await post("/api/edit", { path, text }).catch(failed);
  await fieldsPage.load().catch(failed);
});

// ---------------------------------------------------------------------------------------------------- theme

const dark = () => page.dataset.theme === "dark";
function theme(name) {
  page.dataset.theme = name;
  view?.theme(dark());
}
const wanted = matchMedia("(prefers-color-scheme: dark)");
theme(wanted.matches ? "dark" : "light");
wanted.addEventListener("change", () => theme(wanted.matches ? "dark" : "light"));
byId("theme").addEventListener("click", () => theme(dark() ? "light" : "dark"));

// ----------------------------------------------------------------------------------------------------- tabs

const flightPage = new FlightPage((t) => { play(false); show(t); });
const runsPage = new RunsPage({
  open: (run, seed) => choose(run, seed),
  add: (list, tracks_, ends) => view?.addRuns(list, tracks_, ends),
  clear: () => view?.clearRuns(),
  hide: (outcome, hidden) => view?.hide(outcome, hidden),
  failed,
});
const fieldsPage = new FieldsPage(failed);
const assessPage = new AssessPage({ open: (run, seed) => choose(run, seed), failed });
const TABS = [["Flight", flightPage], ["Many runs", runsPage], ["Scenario", fieldsPage], ["Assessment", assessPage]];

TABS.forEach(([name, { node }], k) => {
  const id = name.toLowerCase().replace(" ", "-");
  Object.assign(node, { id: `page-${id}`, tabIndex: -1 });
  node.setAttribute("role", "tabpanel");
  node.setAttribute("aria-labelledby", `tab-${id}`);
  byId("pages").append(node);
  byId("tabs").append(el("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": node.id, onclick: () => turn(k) }, name));
});
byId("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const now = [...byId("tabs").children].findIndex((tab) => tab.getAttribute("aria-selected") === "true");
  turn((now + step + TABS.length) % TABS.length);
  byId("tabs").children[(now + step + TABS.length) % TABS.length].focus();
});
function turn(to) {
  [...byId("tabs").children].forEach((tab, k) => {
    tab.setAttribute("aria-selected", String(k === to));
    tab.tabIndex = k === to ? 0 : -1;
    TABS[k][1].node.hidden = k !== to;
  });
}
turn(0);

// ----------------------------------------------------------------------------------------------------- time

const slider = byId("time"), clock = byId("clock"), playButton = byId("play");
function show(t) {
  time = Math.min(end, Math.max(begin, t));
  if (!flight) return;
  slider.value = String(time);
  slider.setAttribute("aria-valuetext", `${number(time - flight.zero, 2)} seconds after ${flight.zero_word}`);
  clock.replaceChildren(`${number(time - flight.zero, 2)} s`, el("small", {}, `after ${flight.zero_word}`));
  flightPage.show(time);
  instead?.show(time);
  view?.setTime(time);
  const now = tracks[flight.subject].at(time);
  byId("now").replaceChildren(
    el("div", {}, now.phase.replaceAll("-", " ")),
    el("div", {}, el("b", {}, `${number(now.speed * 3.6, 0)} km/h`), ` (${number(now.speed, 1)} m/s)`),
    el("div", {}, `${number(now.height, 0)} m above ground · ${number(now.load, 1)} g`),
    el("div", { class: "soft", id: "larger" }));
}
function play(on_) {
  playing = on_;
  playButton.textContent = playing ? "❚❚" : "▶";
  playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
  page.dataset.playing = String(playing);
  if (playing) {
    if (time >= end - 0.01) show(begin);
    drawnAt = performance.now();
    requestAnimationFrame(step);
  }
}
function step(now) {
  if (!playing) return;
  const gone = Math.max(0, Math.min(0.25, (now - drawnAt) / 1000)) * Number(byId("pace").value);
  drawnAt = now;
  show(time + gone);
  if (time >= end) play(false);
  else requestAnimationFrame(step);
}
slider.addEventListener("input", () => { play(false); show(Number(slider.value)); });
playButton.addEventListener("click", () => play(!playing));
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=range]), select, textarea, button, summary");
  if (event.key === " " && !typing) { event.preventDefault(); play(!playing); }
});

/** Choose what the timeline and the charts span: a minute under the canopy would hide the seconds before. */
function stretchTimeline() {
  const main = tracks[flight.subject], canopy = main.spans.find((span) => span.phase === "canopy");
  const choice = byId("span");
  choice.disabled = !canopy;
  choice.parentElement.hidden = !canopy;
  [begin, end] = extent;
  if (canopy && choice.value === "open") end = Math.min(end, main.t[canopy.first] + 6);
  if (canopy && choice.value === "canopy") begin = main.t[canopy.first];
  flightPage.set(flight, tracks, begin, end);
  view?.setSpan(begin, end);
  dressTimeline();
}
byId("span").addEventListener("change", () => { if (flight) { stretchTimeline(); show(time); } });

function dressTimeline() {
  Object.assign(slider, { min: begin, max: end });
  const share = (t) => `${Math.max(0, Math.min(100, (100 * (t - begin)) / (end - begin)))}%`;
  const colours = new Map(flight.stretches.flatMap((item) => item.phases.map((phase) => [phase, item.colour])));
  const main = tracks[flight.subject];
  byId("bands").replaceChildren(...main.spans.map((span) => el("i", { title: span.phase, style: { left: share(main.t[span.first]), width: `calc(${share(main.t[Math.min(span.last + 1, main.n - 1)])} - ${share(main.t[span.first])})`, background: colours.get(span.phase) ?? "#888" } })));
  const marks = [], wide = byId("ticks").clientWidth || 300;
  const middle = (event) => Math.min(wide - 30, Math.max(26, (wide * (event.t - begin)) / (end - begin)));
  const meets = (a, b) => Math.abs(middle(a) - middle(b)) < 3 * (a.name.length + b.name.length) + 8;
  for (const name of ["takeoff", "exit", "throw", "throw (hard deck)", "canopy open", "landing", "touchdown", "motorcycle contact", ...flight.events.map((event) => event.name)]) {
    const event = flight.events.find((item) => item.name === name);
    if (!event || event.t < begin || event.t > end || marks.some((mark) => meets(mark, event))) continue;
    marks.push(event);
  }
  byId("ticks").replaceChildren(...marks.flatMap((event) => [el("i", { style: { left: share(event.t) } }), el("span", { style: { left: `clamp(26px, ${share(event.t)}, calc(100% - 30px))` } }, event.name)]));
}

// --------------------------------------------------------------------------------------------------- flights

async function choose(run, seed) {
  chosen = { run, seed };
  await load(false).catch(failed);
}

async function load(whole) {
  const mine = (load.latest = (load.latest ?? 0) + 1);
  page.dataset.flight = "loading";
  const asked = chosen.run === null ? "run=nominal" : `run=${chosen.run}&seed=${chosen.seed}`;
  const wanted = whole || !site ? getArrays("/api/site") : Promise.resolve(null);
  const [stands, found] = await Promise.all([wanted, getArrays(`/api/flight?${asked}`)]);
  if (mine !== load.latest) return;
  if (stands) {
    site = stands;
    view?.setSite(site);
    dressCameras();
  }
  const kept = flight ? time - flight.zero : null;
  flight = found;
  tracks = Object.fromEntries(Object.keys(flight.phases).map((body) => [body, new Track(flight, body)]));
  const all = Object.values(tracks), main = tracks[flight.subject];
  extent = [Math.min(...all.map((track) => track.first)), Math.max(main.last, Math.min(main.last + 60, ...all.map((track) => track.last)))];
  instead?.set(flight, tracks, site);
  view?.setFlight(flight, tracks);
  stretchTimeline();
  runsPage.mark(flight.run);
  byId("subtitle").textContent = `${[state.kind, site.name, called(flight)].filter(Boolean).join(" · ")}`;
  dressLegend();
  show(kept === null ? flight.zero : flight.zero + kept);
  page.dataset.flight = flight.run === null ? "nominal" : String(flight.run);
  page.dataset.ready = "yes";
}

function dressLegend() {
  if (!flight || !view) return;
  const named = new Set(tracks[flight.subject].spans.map((span) => span.phase));
  const stretches = flight.stretches.filter((item) => item.phases.some((phase) => named.has(phase)));
  const rows = stretches.map((item) => el("div", { class: "row" }, el("span", { class: "swatch", style: { background: item.colour } }), item.name));
  if (tracks.motorcycle) rows.push(el("div", { class: "row" }, el("span", { class: "swatch dashed", style: { color: "var(--chart)" } }), "motorcycle, riderless"));
  const discs = [["landing", "#009E73", "landing area"], ["people", "#b00020", "where people stand"], ["water", "#2c7fb8", "water"]];
  for (const [role, colour, words] of discs)
    if (site.places.some((place) => place.role === role || place.kind === role)) rows.push(el("div", { class: "row" }, el("span", { class: "swatch disc", style: { background: colour } }), words));
  const many = runsPage.legend ?? [];
  if (many.length) {
    rows.unshift(el("b", {}, "This run, thick line: what it does"));
    rows.push(el("b", {}, `${runsPage.list.length} runs, thin lines: how they ended`), ...many);
    rows.push(el("div", { class: "row soft" }, `○ landing   △ with a margin short   ✕ ended badly${tracks.motorcycle ? "   □ motorcycle's rest" : ""}`));
  }
  byId("legend-rows").replaceChildren(...rows);
}
byId("legend").addEventListener("change", dressLegend);

// --------------------------------------------------------------------------------------------------- cameras

const CAMERAS = [["orbit", "Orbit"], ["chase", "Chase"], ["performer", "Performer"], ["top", "Top"], ["landing", "Landing area"]];
function dressCameras() {
  if (!view) return;
  const own = site.cameras.map((camera) => [`own:${camera.name}`, camera.name]);
  const landing = site.places.some((place) => place.role === "landing");
  const given = CAMERAS.filter(([mode]) => mode !== "landing" || landing);
  byId("cameras").replaceChildren(...[...given, ...own].map(([mode, name]) => el("button", { type: "button", data: { mode }, "aria-pressed": String(mode === view.mode), onclick: () => view.use(mode) }, name)));
}

function afterDrawing(drawn) {
  const guide = byId("frame");
  guide.hidden = !drawn.guide;
  byId("legend").hidden = Boolean(drawn.guide);
  if (drawn.guide) {
    const { frame, camera } = drawn.guide, [width, height] = drawn.size, seen = drawn.sees(drawn.guide);
    const box = { width: frame.wide * width, height: frame.high * height };
    Object.assign(guide.style, { left: `${(width - box.width) / 2}px`, top: `${(height - box.height) / 2}px`, width: `${box.width}px`, height: `${box.height}px` });
    byId("frame-words").textContent = `${camera.name}: ${seen.lens}. ${flight.subject}: ${seen.words}`;
    byId("frame-words").classList.toggle("lost", seen.seen !== "in frame");
    page.dataset.seen = seen.seen;
  }
  byId("needle").style.transform = `rotate(${drawn.north()}rad)`;
  const bar = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((m) => m / drawn.metresPerPixel() > 60) ?? 5000;
  byId("scale").style.width = `${Math.min(240, bar / drawn.metresPerPixel())}px`;
  byId("scale").hidden = Boolean(drawn.guide) || drawn.mode === "performer";
  byId("scale-words").textContent = `${bar} m${drawn.mode === "orbit" ? " in the middle" : ""}`;
  const larger = byId("larger");
  if (larger) larger.textContent = drawn.larger > 1.3 ? `bodies drawn ${number(drawn.larger, drawn.larger < 10 ? 1 : 0)} × larger` : "";
  if (drawn.spent) page.dataset.frame = drawn.spent.toFixed(1);
}

function startView() {
  try {
    view = new View(byId("canvas"), {
      picked: (run) => choose(run, runsPage.flownSeed ?? 0),
      camera: (mode) => { for (const button of byId("cameras").children) button.setAttribute("aria-pressed", String(button.dataset.mode === mode)); page.dataset.camera = mode; },
      drawn: afterDrawing,
      lost: () => failed(new Error("the graphics card went away; the picture comes back when it does")),
      restored: () => { status.textContent = ""; },
    });
    view.theme(dark());
    page.dataset.webgl = "yes";
  } catch {
    view = null;
    page.dataset.webgl = "no";
    for (const id of ["canvas", "cameras", "compass", "scale", "legend", "now", "frame"]) byId(id).hidden = true;
    instead = new Instead("This browser has no WebGL 2, so there is no 3D. Charts, tables, fields and assessments work all the same; the side and the map below move with the timeline.");
  }
}

// -------------------------------------------------------------------------------------------------------- go

on("state", (now) => {
  const first = state === null;
  state = now;
  byId("title").textContent = now.title;
  document.title = `${now.title} · precipice`;
  if (now.said) { status.textContent = now.said; status.className = ""; } else if (status.className === "") status.textContent = "";
  if (first && now.first.run !== null) chosen = now.first;
  if (now.revision !== revision) {
    const stale = revision !== 0;
    revision = now.revision;
    if (stale) runsPage.forget();
    load(true).catch(failed);
    fieldsPage.load().catch(failed);
  }
  fieldsPage.heed(now);
  runsPage.heed(now);
  assessPage.heed(now);
});

/** Return the view, for tests that must know where something is in the picture. */
export const shownView = () => view;

startView();
await ask().catch(() => {});
watch();

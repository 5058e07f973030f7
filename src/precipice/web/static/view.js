// The stunt in 3D: rock, ramp, places, bodies, tracks. East-north-up as it comes, z is up.
// Drawn only when something changed; coarser when a picture takes too long.

import * as T from "./vendor/three.js";
import { canopy, motorcycle, person, pilotChute, vehicle } from "./bodies.js";
import { look } from "./outcome.js";
import { angles, fit, turning } from "./lens.js";
import { number } from "./dom.js";

const SLOW = 50, FAST = 20, SMALLEST = 26;
/** Angle of the view from above: narrow, so that what is high does not hide what is low [rad]. */
const ABOVE = 0.35;
const VEHICLE = new Set(["run-up", "ramp", "flight"]);
const LIGHT = { sky: 0xbcd3e4, fog: 0xc9d9e4 }, DARK = { sky: 0x2b3a48, fog: 0x2b3a48 };

export class View {
  /** Start on a canvas; throws where there is no WebGL 2. */
  constructor(canvas, hear) {
    this.canvas = canvas;
    this.hear = hear;
    this.renderer = new T.WebGLRenderer({ canvas, antialias: !slow(), powerPreference: "high-performance" });
    this.scene = new T.Scene();
    this.camera = new T.PerspectiveCamera(50, 1, 0.3, 40000);
    this.camera.up.set(0, 0, 1);
    this.scene.add(new T.HemisphereLight(0xf2f7ff, 0x7d7463, 1.9));
    const sun = new T.DirectionalLight(0xfff2dc, 2.1);
    sun.position.set(-0.5, -0.7, 1.1);
    this.sun = sun;
    this.scene.add(sun);
    this.still = new T.Group();
    this.many = new T.Group();
    this.one = new T.Group();
    this.scene.add(this.still, this.many, this.one);
    this.controls = new T.OrbitControls(this.camera, canvas);
    this.controls.maxDistance = 12000;
    this.controls.minDistance = 4;
    this.controls.addEventListener("change", () => this.redraw());
    this.controls.addEventListener("start", () => { this.turned = true; if (this.mode !== "orbit") this.use("orbit", { stay: true }); });
    this.mode = "orbit";
    this.quality = 1;
    this.times = [];
    this.time = 0;
    this.hidden = new Set();
    this.runs = { list: [], tracks: [], ends: [] };
    canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); hear.lost(); });
    canvas.addEventListener("webglcontextrestored", () => { hear.restored(); this.redraw(); });
    this.listenToClicks();
    this.listenToKeys();
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
    this.theme(false);
    this.resize();
  }

  theme(dark) {
    const colours = dark ? DARK : LIGHT;
    this.scene.background = new T.Color(colours.sky);
    this.scene.fog = new T.Fog(colours.fog, 2500, 16000);
    this.loose = dark ? 0xf4f4f4 : 0x1d1d1f;
    for (const line of this.lines ?? []) if (line.material.dashed) line.material.color.set(this.loose);
    if (this.runs?.list.length) this.dressRuns();
    this.redraw();
  }

  resize() {
    const box = this.canvas.parentElement.getBoundingClientRect();
    if (!box.width || !box.height) return;
    this.size = [box.width, box.height];
    this.sharpen(this.quality);
    this.renderer.setSize(box.width, box.height, false);
    this.camera.aspect = box.width / box.height;
    this.redraw();
  }

  sharpen(quality) {
    if (this.sharp === quality) return;
    this.sharp = quality;
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2) * quality);
  }

  /** Draw soon; what stands still is drawn once more, as sharp as the screen. */
  redraw() {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => { if (this.sharp < 1 || this.coarse) { this.sharpen(1); this.drawn = null; this.draw(true); } }, 350);
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => { this.asked = false; this.sharpen(this.quality); this.draw(); });
  }

  // ------------------------------------------------------------------------------------- what stands still

  setSite(site) {
    clear(this.still);
    this.site = site;
    this.reach = site.reach;
    this.rock = rock(site);
    this.still.add(this.rock);
    if (site.arrays.ramp.length) this.still.add(...ramp(site));
    for (const place of site.places) this.still.add(...marked(place));
    this.tripods = site.cameras.map(tripod);
    if (this.tripods.length) this.still.add(...this.tripods);
    if (site.arrays.surface_corners.length) this.still.add(built(site));
    const out = site.out_bearing;
    // Light from the side that the first view looks from, so that the wall has a shape.
    this.sun.position.set(Math.sin(out + 0.5), Math.cos(out + 0.5), 0.9);
    this.home = null;
    this.redraw();
  }

  // ------------------------------------------------------------------------------------------- one flight

  /** Take what the timeline spans; the first view holds all of it, with room for what lies over the picture. */
  setSpan(begin, end) {
    const main = this.tracks[this.flight.subject], points = [];
    for (const track of Object.values(this.tracks))
      for (let k = 0; k <= 60; k++) {
        const t = begin + (k / 60) * (end - begin);
        if (t >= track.first && t <= track.last && (track === main || t <= main.last)) points.push(new T.Vector3(...track.at(t).position));
      }
    const box = new T.Box3().setFromPoints(points), target = box.getCenter(new T.Vector3()), out = this.site.out_bearing;
    const away = new T.Vector3(Math.sin(out + 0.95), Math.cos(out + 0.95), 0.32).normalize();
    const right = new T.Vector3(0, 0, 1).cross(away).normalize(), up = away.clone().cross(right);
    const high = Math.tan((25 * Math.PI) / 180), wide = high * (this.size ? this.size[0] / this.size[1] : 1.4);
    let far = 25;
    for (const point of points) {
      const way = point.clone().sub(target), near = way.dot(away);
      far = Math.max(far, near + Math.abs(way.dot(right)) / (0.72 * wide), near + Math.abs(way.dot(up)) / (0.72 * high));
    }
    const first = !this.home;
    this.home = { target, eye: target.clone().addScaledVector(away, far) };
    if (this.mode === "orbit" && (first || !this.turned)) this.goHome();
  }

  goHome() {
    this.turned = false;
    this.controls.target.copy(this.home.target);
    this.camera.position.copy(this.home.eye);
    this.controls.update();
    this.redraw();
  }

  setFlight(flight, tracks) {
    clear(this.one);
    this.flight = flight;
    this.tracks = tracks;
    const main = tracks[flight.subject];
    this.lines = [];
    const named = new Map(flight.stretches.flatMap((item) => item.phases.map((phase) => [phase, item.colour])));
    for (const span of main.spans) {
      if (span.last - span.first < 1) continue;
      this.lines.push(fat(main, span.first, Math.min(span.last + 1, main.n - 1), named.get(span.phase) ?? "#222222", 3.5));
    }
    const second = tracks.motorcycle;
    if (second) {
      const loose = second.spans.find((span) => !VEHICLE.has(span.phase));
      if (loose) this.lines.push(fat(second, loose.first, second.n - 1, this.loose, 2.5, true));
    }
    this.one.add(...this.lines);
    this.figures = {};
    const add = (name, figure) => { this.figures[name] = figure; this.one.add(figure); };
    if (flight.subject === "vehicle") add("vehicle", vehicle(this.site.vehicle));
    else if (flight.subject === "body") add("fall", person("fall"));
    else {
      add("fall", person("fall"));
      add("canopy", canopy());
      add("pilot", pilotChute());
      if (second) { add("sit", person("sit")); add("motorcycle", motorcycle()); }
    }
    this.setTime(this.time);
  }

  setTime(t) {
    this.time = t;
    if (this.tracks) this.pose();
    this.redraw();
  }

  pose() {
    const { flight, figures, tracks } = this, main = tracks[flight.subject], now = main.at(this.time);
    this.now = now;
    const put = (name, state, shown = true) => {
      const figure = figures[name];
      if (!figure) return;
      figure.visible = shown;
      figure.position.set(...state.position);
      figure.quaternion.set(...state.attitude);
    };
    if (flight.subject === "vehicle") { put("vehicle", now); return; }
    const riding = VEHICLE.has(now.phase) && figures.motorcycle;
    put("fall", now, !riding);
    put("sit", now, Boolean(riding));
    if (tracks.motorcycle) {
      this.bike = tracks.motorcycle.at(this.time);
      put("motorcycle", this.bike);
    }
    const open = now.phase === "inflation" ? 0.12 + 0.88 * now.share ** 2 : now.phase === "canopy" ? 1 : 0;
    put("canopy", now, open > 0);
    put("pilot", now, now.phase === "deployment" || now.phase === "inflation");
    this.open = open;
  }

  /** Bodies keep a size that can be seen from afar; a scenario's camera shows their true size. */
  enlarge() {
    const true_size = this.mode.startsWith("own:") || this.mode === "performer";
    this.larger = 1;
    for (const [name, figure] of Object.entries(this.figures ?? {})) {
      const far = this.camera.position.distanceTo(figure.position);
      const metre = this.size[1] / (2 * far * Math.tan((this.camera.fov * Math.PI) / 360));
      const grown = true_size ? 1 : Math.max(1, SMALLEST / (1.8 * metre));
      const span = name === "canopy" ? Math.sqrt(2.4 * (this.site?.rig.area || 20)) : 1;
      const open = name === "canopy" ? Math.max(0.12, this.open) : 1;
      figure.scale.set(grown * span * (name === "canopy" ? 0.4 + 0.6 * open : 1), grown * span * open, grown * span);
      if (name === "fall" || name === "sit" || name === "vehicle") this.larger = Math.max(this.larger, grown);
      if (name === "canopy" || name === "pilot") {
        const lift = new T.Vector3(0, 0, 0.55 * grown).applyQuaternion(figure.quaternion);
        figure.position.set(...this.now.position).add(lift);
      }
      if (name === "sit") {
        const lift = new T.Vector3(-0.28, 0, 0.52).multiplyScalar(grown).applyQuaternion(figure.quaternion);
        figure.position.set(...this.now.position).add(lift);
      }
    }
  }

  // -------------------------------------------------------------------------------------------- many runs

  clearRuns() {
    this.runs = { list: [], tracks: [], ends: [] };
    this.dressRuns();
  }

  addRuns(list, tracks, ends) {
    const points = list.length ? tracks.length / list.length : 0;
    list.forEach((about, k) => {
      this.runs.list.push(about);
      this.runs.tracks.push(tracks.slice(k * points, (k + 1) * points));
      this.runs.ends.push(ends.slice(9 * k, 9 * k + 9));
    });
    this.dressRuns();
  }

  /** Choose which outcomes are drawn. */
  hide(outcome, hidden) {
    if (hidden) this.hidden.add(outcome); else this.hidden.delete(outcome);
    this.dressRuns();
  }

  dressRuns() {
    clear(this.many);
    const shown = this.runs.list.map((about, k) => k).filter((k) => !this.hidden.has(this.runs.list[k].outcome));
    if (shown.length) {
      this.fine = threads(this.runs, shown, 1);
      this.few = threads(this.runs, shown, 8);
      this.many.add(this.fine, this.few);
      const size = Math.max(0.2, Math.min(1, (this.reach ?? 1000) / 1200));
      this.many.add(crosses(this.runs, shown, 5 * size));
      this.many.add(...dots(this.runs, shown, this.loose, size));
    }
    this.shown = shown;
    this.redraw();
  }

  /** Return the run of the track nearest to a place of the picture, null where none is near. */
  pick(x, y, near = 9) {
    const at = new T.Vector3(), [width, height] = this.size;
    let best = null, least = near * near;
    for (const k of this.shown ?? []) {
      const points = this.runs.tracks[k];
      let before = null;
      for (let i = 0; i < points.length; i += 3) {
        at.set(points[i], points[i + 1], points[i + 2]).project(this.camera);
        const here = at.z < 1 ? [(at.x + 1) * 0.5 * width, (1 - at.y) * 0.5 * height] : null;
        if (here && before) {
          const away = apart(x, y, before, here);
          if (away < least) { least = away; best = k; }
        }
        before = here;
      }
    }
    return best === null ? null : this.runs.list[best].run;
  }

  listenToClicks() {
    let down = null;
    this.canvas.addEventListener("pointerdown", (event) => { down = [event.clientX, event.clientY]; });
    this.canvas.addEventListener("pointerup", (event) => {
      if (!down || Math.hypot(event.clientX - down[0], event.clientY - down[1]) > 5) return;
      const box = this.canvas.getBoundingClientRect();
      const run = this.pick(event.clientX - box.left, event.clientY - box.top);
      if (run !== null) this.hear.picked(run);
    });
  }

  listenToKeys() {
    this.canvas.addEventListener("keydown", (event) => {
      const turn = { ArrowLeft: [-0.1, 0, 1], ArrowRight: [0.1, 0, 1], ArrowUp: [0, 0.08, 1], ArrowDown: [0, -0.08, 1], "+": [0, 0, 0.85], "-": [0, 0, 1.18] }[event.key];
      if (!turn) return;
      event.preventDefault();
      if (this.mode !== "orbit") this.use("orbit", { stay: true });
      this.turned = true;
      const away = this.camera.position.clone().sub(this.controls.target);
      const level = Math.hypot(away.x, away.y), far = away.length() * turn[2];
      const bearing = Math.atan2(away.y, away.x) + turn[0];
      const rise = Math.max(-1.4, Math.min(1.5, Math.atan2(away.z, level) + turn[1]));
      away.set(Math.cos(rise) * Math.cos(bearing), Math.cos(rise) * Math.sin(bearing), Math.sin(rise)).multiplyScalar(far);
      this.camera.position.copy(this.controls.target).add(away);
      this.controls.update();
      this.redraw();
    });
  }

  // ---------------------------------------------------------------------------------------------- cameras

  /** Use a camera: "orbit", "chase", "performer", "top", "landing", or "own:NAME" of the scenario. */
  use(mode, { stay = false } = {}) {
    this.mode = mode;
    this.camera.up.set(0, 0, 1);
    this.camera.fov = 50;
    if (mode === "orbit") {
      if (stay) {
        const ahead = new T.Vector3(0, 0, -1).applyQuaternion(this.camera.quaternion);
        const far = this.now ? Math.max(10, this.camera.position.distanceTo(new T.Vector3(...this.now.position))) : 100;
        this.controls.target.copy(this.camera.position).addScaledVector(ahead, far);
        this.turned = true;
        this.controls.update();
      } else if (this.home) this.goHome();
    }
    this.hear.camera(mode);
    this.redraw();
  }

  follow() {
    this.guide = null;
    if (this.mode === "orbit" || !this.now) return;
    const at = new T.Vector3(...this.now.position), going = new T.Vector3(...this.now.velocity);
    const level = new T.Vector3(going.x, going.y, 0);
    const bearing = this.site ? this.site.out_bearing : 0;
    if (level.length() < 1) level.set(Math.sin(bearing), Math.cos(bearing), 0);
    level.normalize();
    if (this.mode === "chase") {
      this.camera.position.copy(at).addScaledVector(level, -15).add(new T.Vector3(0, 0, 5.5));
      this.camera.lookAt(at.x + 4 * level.x, at.y + 4 * level.y, at.z + 1);
    } else if (this.mode === "performer") {
      this.camera.fov = 75;
      const eye = at.clone().add(new T.Vector3(0, 0, 1.1));
      const ahead = going.length() > 3 ? going.clone().normalize() : level.clone();
      ahead.addScaledVector(level, 0.6).normalize();
      this.camera.position.copy(eye).addScaledVector(ahead, 0.5);
      this.camera.lookAt(eye.clone().addScaledVector(ahead, 20));
    } else if (this.mode === "top") {
      this.camera.up.set(0, 1, 0);
      this.camera.fov = (ABOVE * 180) / Math.PI;
      const { middle, far } = this.above();
      this.camera.position.set(middle.x, middle.y, far);
      this.camera.lookAt(middle.x, middle.y, 0);
    } else if (this.mode === "landing") this.fromLanding(at);
    else this.own(at);
    this.camera.updateMatrixWorld();
  }

  /** Return where a view from above stands: it holds the whole way and the landing area, beside the legend. */
  above() {
    const main = this.tracks[this.flight.subject], points = [], box = new T.Box3();
    for (let k = 0; k < main.n; k += 10) points.push(new T.Vector3(...main.position.subarray(3 * k, 3 * k + 3)));
    for (const { east, north, up, radius } of this.site.places.filter((item) => item.role === "landing"))
      for (const [x, y] of [[-1, 0], [1, 0], [0, -1], [0, 1]]) points.push(new T.Vector3(east + x * radius, north + y * radius, up));
    const middle = box.setFromPoints(points).getCenter(new T.Vector3()), low = box.min.z;
    const high = Math.tan(ABOVE / 2), wide = (high * this.size[0]) / this.size[1];
    let far = low + 60;
    for (const { x, y, z } of points) far = Math.max(far, z + Math.abs(x - middle.x) / (0.5 * wide), z + Math.abs(y - middle.y) / (0.75 * high), z + 60);
    middle.set(middle.x - 0.2 * wide * (far - low), middle.y, low);
    return { middle, far };
  }

  fromLanding(at) {
    const place = this.site.places.find((item) => item.role === "landing") ?? { east: 0, north: 0, up: -50, radius: 30 };
    const away = new T.Vector3(place.east, place.north, 0);
    away.setLength(Math.min(1.6 * place.radius + 30, 120));
    this.camera.position.set(place.east + away.x, place.north + away.y, place.up + 0.35 * away.length() + 4);
    const aim = new T.Vector3(place.east, place.north, place.up);
    const near = Math.max(0, 1 - this.camera.position.distanceTo(at) / 900);
    this.camera.lookAt(aim.lerp(at, 0.75 * near));
  }

  own(at) {
    const camera = this.site.cameras.find((item) => `own:${item.name}` === this.mode);
    if (!camera) return;
    this.camera.position.set(...camera.position);
    const place = this.site.places.find((item) => item.role === "landing");
    let aim = at;
    if (camera.aim === "motorcycle" && this.bike) aim = new T.Vector3(...this.bike.position);
    if (camera.aim === "lip") aim = new T.Vector3(0, 0, 0);
    if (camera.aim === "landing" && place) aim = new T.Vector3(place.east, place.north, place.up);
    if (camera.aim === "fixed") {
      const level = Math.cos(camera.pitch ?? 0), turn = camera.bearing ?? 0;
      aim = this.camera.position.clone().add(new T.Vector3(level * Math.sin(turn), level * Math.cos(turn), Math.sin(camera.pitch ?? 0)));
    }
    this.camera.lookAt(aim);
    const frame = fit(camera, this.camera.aspect);
    this.camera.fov = frame.up;
    this.guide = { camera, frame, at };
  }

  /** Return what a scenario's camera sees of the performer, in words. */
  sees({ camera, frame, at }) {
    const eye = this.camera.position, far = eye.distanceTo(at);
    const on = at.clone().project(this.camera);
    const inside = on.z < 1 && Math.abs(on.x) <= frame.wide && Math.abs(on.y) <= frame.high;
    const ray = new T.Raycaster(eye, at.clone().sub(eye).normalize(), 0.5, far - 1.5);
    const behind = this.rock && far > 3 && ray.intersectObject(this.rock, false).length > 0;
    const angle = angles(camera);
    const share = (2 * Math.atan(0.9 / far) * 180) / Math.PI / angle.up;
    const lens = `${number(camera.focal_mm, 0)} mm on ${number(camera.width_mm, 0)} × ${number(camera.height_mm, 0)} mm, ${number(camera.aspect, 2)}:1, ${number(angle.across, 1)}° across`;
    const seen = behind ? "HIDDEN BY ROCK" : inside ? "in frame" : "OUT OF FRAME";
    const swing = (turning(at.clone().sub(eye), new T.Vector3(...this.now.velocity)) * 180) / Math.PI;
    const turns = camera.aim === "performer" ? `; turns at ${number(swing, 0)}°/s to follow` : "";
    return { lens, seen, swing, words: `${seen}, ${number(far, 0)} m away, ${number(100 * share, share < 0.1 ? 1 : 0)} % of the frame's height${turns}` };
  }

  // --------------------------------------------------------------------------------------------- a picture

  draw(resting = false) {
    if (!this.size) return;
    if (this.fine) {
      this.fine.visible = resting || !this.coarse;
      this.few.visible = !this.fine.visible;
    }
    const start = performance.now();
    this.follow();
    this.haze();
    this.camera.near = this.mode === "orbit" ? Math.max(0.3, this.camera.position.length() / 3000) : 0.2;
    this.camera.updateProjectionMatrix();
    if (this.figures) this.enlarge();
    for (const line of this.lines ?? []) line.material.resolution.set(...this.size);
    const inside = this.mode === "performer";
    for (const tripod_ of this.tripods ?? []) tripod_.visible = !this.guide;
    for (const name of ["fall", "sit", "pilot"]) {
      const figure = this.figures?.[name];
      if (figure && inside) figure.visible = false;
    }
    this.renderer.render(this.scene, this.camera);
    if (inside) this.pose();
    this.measure(start);
    this.hear.drawn(this);
  }

  /** Let a ground that is alike everywhere end in the haze; what was surveyed is shown to its end. */
  haze() {
    const far = this.camera.position.length(), reach = this.reach ?? 4000, alike = !this.site?.surveyed;
    this.scene.fog.near = this.mode === "top" ? 1e6 : alike ? far + 1.2 * reach : far + 2500;
    this.scene.fog.far = this.mode === "top" ? 2e6 : alike ? far + 3.7 * reach : far + 16000;
  }

  /** Take the time from picture to picture while they follow each other: that is what a person sees. */
  measure(start) {
    const spent = start - (this.drawn ?? -Infinity);
    this.drawn = start;
    if (spent > 400) this.times = [];
    else this.times.push(spent);
    if (this.times.length < 12) return;
    const middle = [...this.times].sort((a, b) => a - b)[6];
    this.spent = middle;
    this.times = [];
    const before = this.quality;
    // First fewer pixels, then fewer points of the many tracks; back in the other order.
    if (middle > SLOW && this.quality <= 0.45) this.coarse = true;
    else if (middle < FAST && this.coarse) { this.coarse = false; return; }
    if (middle > SLOW && this.quality > 0.45) this.quality = Math.max(0.45, this.quality * 0.75);
    else if (middle < FAST && this.quality < 1) this.quality = Math.min(1, this.quality / 0.75);
    if (before !== this.quality) this.resize();
  }

  /** Return how many metres a pixel is at what the camera looks at. */
  metresPerPixel() {
    const aim = this.mode === "orbit" ? this.controls.target : this.mode === "top" ? this.above().middle : new T.Vector3(...(this.now?.position ?? [0, 0, 0]));
    return (2 * this.camera.position.distanceTo(aim) * Math.tan((this.camera.fov * Math.PI) / 360)) / this.size[1];
  }

  /** Return the direction of north in the picture, clockwise from up [rad]. */
  north() {
    const up = new T.Vector3(0, 1, 0).applyQuaternion(this.camera.quaternion);
    const right = new T.Vector3(1, 0, 0).applyQuaternion(this.camera.quaternion);
    const ahead = new T.Vector3(0, 0, -1).applyQuaternion(this.camera.quaternion);
    return Math.atan2(right.y, Math.abs(ahead.z) > 0.9 ? up.y : ahead.y);
  }
}

/** Return whether pictures are drawn without a graphics card: smooth edges would take most of the time. */
function slow() {
  const gl = document.createElement("canvas").getContext("webgl2");
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

// --------------------------------------------------------------------------------------------- things to see

function clear(group) {
  for (const child of [...group.children]) {
    group.remove(child);
    child.traverse((item) => { item.geometry?.dispose(); item.material?.dispose?.(); });
  }
}

function apart(x, y, a, b) {
  const dx = b[0] - a[0], dy = b[1] - a[1], size = dx * dx + dy * dy;
  const s = size ? Math.max(0, Math.min(1, ((x - a[0]) * dx + (y - a[1]) * dy) / size)) : 0;
  return (x - a[0] - s * dx) ** 2 + (y - a[1] - s * dy) ** 2;
}

/** Unevenness of the colour, never of the shape: the shape is what was flown. */
function grain(x, y, z) {
  const wave = Math.sin(x * 12.9898 + y * 78.233 + z * 37.719) * 43758.5453;
  return wave - Math.floor(wave);
}

function rock(site) {
  const geometry = new T.BufferGeometry(), points = site.arrays.points;
  geometry.setAttribute("position", new T.BufferAttribute(points, 3));
  geometry.setIndex(new T.BufferAttribute(site.arrays.corners, 1));
  geometry.computeVertexNormals();
  const normals = geometry.attributes.normal.array, colours = new Float32Array(points.length);
  const grass = new T.Color(0x87976a), scree = new T.Color(0xa59a86), wall = new T.Color(0x8a7f72), mixed = new T.Color();
  for (let i = 0; i < points.length; i += 3) {
    const flat = Math.abs(normals[i + 2]);
    if (!site.rock) mixed.copy(grass);
    else if (flat > 0.93) mixed.copy(grass).lerp(scree, (1 - flat) / 0.07 * 0.5);
    else if (flat > 0.6) mixed.copy(scree);
    else mixed.copy(wall);
    const layer = flat < 0.6 ? 0.1 * Math.sin(points[i + 2] * 0.21) : 0;
    mixed.multiplyScalar(0.93 + layer + 0.06 * grain(points[i], points[i + 1], points[i + 2]));
    mixed.toArray(colours, i);
  }
  geometry.setAttribute("color", new T.BufferAttribute(colours, 3));
  return new T.Mesh(geometry, new T.MeshLambertMaterial({ vertexColors: true, side: T.DoubleSide }));
}

/** What is built to land on, by its own colour. */
function built(site) {
  const geometry = new T.BufferGeometry();
  geometry.setAttribute("position", new T.BufferAttribute(site.arrays.surface_points, 3));
  geometry.setIndex(new T.BufferAttribute(site.arrays.surface_corners, 1));
  const colour = { snow: 0xeef3f7, ski: 0xeef3f7, snowmobile: 0xeef3f7, snowboard: 0xeef3f7 }[site.vehicle] ?? 0x9a7650;
  return new T.Mesh(geometry, new T.MeshLambertMaterial({ color: colour, side: T.DoubleSide, flatShading: true }));
}

function ramp(site) {
  const line = site.arrays.ramp, n = line.length / 3, half = site.ramp_width / 2, points = [], faces = [];
  const ahead = new T.Vector2(line[3 * n - 3] - line[0], line[3 * n - 2] - line[1]).normalize();
  for (let k = 0; k < n; k++)
    for (const side of [-half, half])
      points.push(line[3 * k] - side * ahead.y, line[3 * k + 1] + side * ahead.x, line[3 * k + 2] + 0.03);
  for (let k = 0; k < n - 1; k++) faces.push(2 * k, 2 * k + 1, 2 * k + 3, 2 * k, 2 * k + 3, 2 * k + 2);
  const low = line[5] - 0.05;
  const posts = [];
  for (let k = 1; k < n; k += Math.max(1, Math.floor(n / 8)))
    for (const side of [-half, half]) {
      const x = line[3 * k] - side * ahead.y, y = line[3 * k + 1] + side * ahead.x;
      posts.push(x, y, line[3 * k + 2], x, y, low);
    }
  const deck = new T.BufferGeometry();
  deck.setAttribute("position", new T.BufferAttribute(new Float32Array(points), 3));
  deck.setIndex(faces);
  deck.computeVertexNormals();
  const legs = new T.BufferGeometry();
  legs.setAttribute("position", new T.BufferAttribute(new Float32Array(posts), 3));
  return [
    new T.Mesh(deck, new T.MeshLambertMaterial({ color: 0xd9a55b, side: T.DoubleSide })),
    new T.LineSegments(legs, new T.LineBasicMaterial({ color: 0x4a3a28 })),
  ];
}

const PLACES = { "landing area": 0x009e73, alternate: 0x56b4e9, water: 0x2c7fb8, people: 0xb00020, road: 0xb00020 };

function marked(place) {
  const colour = PLACES[place.kind] ?? (place.role === "people" ? 0xb00020 : 0x4a4a4a), found = [];
  const disc = new T.Mesh(
    new T.CircleGeometry(place.radius, 48),
    new T.MeshBasicMaterial({ color: colour, transparent: true, opacity: place.kind === "water" ? 0.75 : 0.3, depthWrite: false, polygonOffset: true, polygonOffsetFactor: -4, polygonOffsetUnits: -8 }),
  );
  disc.position.set(place.east, place.north, place.up + 0.6);
  const ring = [];
  for (let k = 0; k < 64; k++) ring.push(place.radius * Math.cos((k * Math.PI) / 32), place.radius * Math.sin((k * Math.PI) / 32), 0.4);
  const edge = new T.BufferGeometry();
  edge.setAttribute("position", new T.BufferAttribute(new Float32Array(ring), 3));
  const line = new T.LineLoop(edge, new T.LineBasicMaterial({ color: colour }));
  line.position.copy(disc.position);
  found.push(disc, line);
  if (place.role === "obstacle" && place.tall > 0.5) {
    const tower = new T.Mesh(new T.CylinderGeometry(place.radius, place.radius, place.tall, 32, 1, true), new T.MeshLambertMaterial({ color: colour, transparent: true, opacity: 0.35, side: T.DoubleSide }));
    tower.rotation.x = Math.PI / 2;
    tower.position.set(place.east, place.north, place.up + place.tall / 2);
    found.push(tower);
  }
  if (place.role === "people")
    for (let k = 0; k < Math.min(place.count ?? 0, 12); k++) {
      const figure = person("stand"), turn = k * 2.4, far = place.radius * 0.7 * Math.sqrt((k + 0.5) / 12);
      figure.position.set(place.east + far * Math.cos(turn), place.north + far * Math.sin(turn), place.up + 0.95);
      found.push(figure);
    }
  return found;
}

function tripod(camera) {
  const group = new T.Group();
  group.add(new T.Mesh(new T.BoxGeometry(0.7, 0.4, 0.45), new T.MeshLambertMaterial({ color: 0x7b3294 })));
  const hood = new T.Mesh(new T.ConeGeometry(0.3, 0.6, 12), new T.MeshLambertMaterial({ color: 0x7b3294 }));
  hood.position.set(0.5, 0, 0);
  hood.rotation.z = Math.PI / 2;
  group.add(hood);
  group.position.set(...camera.position);
  group.rotation.z = Math.atan2(-camera.position[1], -camera.position[0]);
  return group;
}

function fat(track, first, last, colour, width, dashed = false) {
  const count = last - first, step = Math.max(1, Math.ceil(count / 700)), points = [];
  for (let k = first; k < last; k += step) points.push(...track.position.subarray(3 * k, 3 * k + 3));
  points.push(...track.position.subarray(3 * last, 3 * last + 3));
  const geometry = new T.LineGeometry();
  geometry.setPositions(points);
  const material = new T.LineMaterial({ color: colour, linewidth: width, dashed, dashSize: 5, gapSize: 3 });
  const line = new T.Line2(geometry, material);
  line.computeLineDistances();
  line.renderOrder = 2;
  return line;
}

function threads(runs, shown, every) {
  const last = runs.tracks[shown[0]].length / 3 - 1, pieces = Math.ceil(last / every);
  const points = new Float32Array(shown.length * pieces * 6), colours = new Float32Array(points.length);
  const colour = new T.Color();
  let place = 0;
  for (const k of shown) {
    const track = runs.tracks[k];
    colour.set(look(runs.list[k].outcome).colour);
    for (let i = 0; i < last; i += every, place += 6) {
      const next = Math.min(i + every, last);
      points.set(track.subarray(3 * i, 3 * i + 3), place);
      points.set(track.subarray(3 * next, 3 * next + 3), place + 3);
      colours.set([colour.r, colour.g, colour.b, colour.r, colour.g, colour.b], place);
    }
  }
  const geometry = new T.BufferGeometry();
  geometry.setAttribute("position", new T.BufferAttribute(points, 3));
  geometry.setAttribute("color", new T.BufferAttribute(colours, 3));
  return new T.LineSegments(geometry, new T.LineBasicMaterial({ vertexColors: true, transparent: true, opacity: 0.55 }));
}

/** A cross where a run ended badly: colour alone must not tell. */
function crosses(runs, shown, s) {
  const points = [], colours = [], colour = new T.Color();
  for (const k of shown) {
    if (!look(runs.list[k].outcome).badly) continue;
    const [x, y, z] = runs.ends[k];
    colour.set(look(runs.list[k].outcome).colour);
    for (const [a, b] of [[1, 1], [1, -1]]) {
      points.push(x - s * a, y - s * b, z - s, x + s * a, y + s * b, z + s, x - s * a, y - s * b, z + s, x + s * a, y + s * b, z - s);
      for (let i = 0; i < 4; i++) colours.push(colour.r, colour.g, colour.b);
    }
  }
  const geometry = new T.BufferGeometry();
  geometry.setAttribute("position", new T.BufferAttribute(new Float32Array(points), 3));
  geometry.setAttribute("color", new T.BufferAttribute(new Float32Array(colours), 3));
  return new T.LineSegments(geometry, new T.LineBasicMaterial({ vertexColors: true }));
}

/** Where performers came down (rings; triangles with a margin short) and where riderless motorcycles came to rest (squares). */
function dots(runs, shown, loose, size) {
  const rings = [], squares = [];
  for (const k of shown) {
    const ends = runs.ends[k], [x, y, z] = ends;
    const { well, badly } = look(runs.list[k].outcome), sides = well ? 8 : 3, wide = (well ? 2.5 : 3.5) * size;
    for (let i = 0; i < sides && !badly; i++)
      for (const turn of [i, i + 1]) rings.push(x + wide * Math.sin((turn * 2 * Math.PI) / sides), y + wide * Math.cos((turn * 2 * Math.PI) / sides), z + 0.5);
    const at = Number.isFinite(ends[6]) ? ends.subarray(6, 9) : ends.subarray(3, 6);
    if (!Number.isFinite(at[0])) continue;
    const corner = [[-2, -2], [2, -2], [2, 2], [-2, 2], [-2, -2]];
    for (let i = 0; i < 4; i++)
      for (const j of [i, i + 1]) squares.push(at[0] + corner[j][0], at[1] + corner[j][1], at[2] + 0.5);
  }
  return [[rings, 0x00573f], [squares, loose]].map(([points, colour]) => {
    const geometry = new T.BufferGeometry();
    geometry.setAttribute("position", new T.BufferAttribute(new Float32Array(points), 3));
    return new T.LineSegments(geometry, new T.LineBasicMaterial({ color: colour }));
  });
}

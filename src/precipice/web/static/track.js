// One body's way: what it is doing at any time, between the solver's steps.

export class Track {
  /** Take the arrays of one body out of a flight; see flight.py. */
  constructor(flight, body) {
    this.body = body;
    this.spans = flight.phases[body];
    for (const name of ["t", "position", "velocity", "attitude", "load", "height", "clearance", "air_speed"])
      this[name] = flight.arrays[`${body}.${name}`];
    this.n = this.t.length;
    this.first = this.t[0];
    this.last = this.t[this.n - 1];
  }

  /** Return the last step at or before a time, and how far it is to the next, 0 to 1. */
  find(t) {
    if (t <= this.first) return [0, 0];
    if (t >= this.last) return [this.n - 1, 0];
    let low = 0, high = this.n - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.t[middle] <= t) low = middle; else high = middle;
    }
    const width = this.t[high] - this.t[low];
    return [low, width > 0 ? (t - this.t[low]) / width : 0];
  }

  /** Return position, velocity, attitude (x, y, z, w), phase and its share, and the numbers of a time. */
  at(t) {
    const [k, s] = this.find(t);
    const j = Math.min(k + 1, this.n - 1), width = this.t[j] - this.t[k];
    const position = [0, 0, 0], velocity = [0, 0, 0];
    for (let i = 0; i < 3; i++) {
      const a = this.position[3 * k + i], b = this.position[3 * j + i], step = b - a;
      const u = width * this.velocity[3 * k + i], v = width * this.velocity[3 * j + i];
      position[i] = a + s * step + s * (1 - s) * ((u - step) * (1 - s) + (step - v) * s);
      velocity[i] = this.mix(this.velocity, k, j, s, 3, i);
    }
    const span = this.spans.find((item) => k <= item.last) ?? this.spans.at(-1);
    const begin = this.t[span.first], end = this.t[span.last];
    return {
      position, velocity, attitude: this.turn(k, j, s), phase: span.phase,
      share: end > begin ? Math.min(1, Math.max(0, (t - begin) / (end - begin))) : 1,
      speed: Math.hypot(...velocity), load: this.mix(this.load, k, j, s), height: this.mix(this.height, k, j, s),
      clearance: this.mix(this.clearance, k, j, s), air_speed: this.mix(this.air_speed, k, j, s),
    };
  }

  mix(values, k, j, s, width = 1, i = 0) {
    return values[width * k + i] * (1 - s) + values[width * j + i] * s;
  }

  turn(k, j, s) {
    const a = this.attitude.subarray(4 * k, 4 * k + 4), b = this.attitude.subarray(4 * j, 4 * j + 4);
    const sign = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3] < 0 ? -1 : 1;
    const q = [0, 1, 2, 3].map((i) => a[i] * (1 - s) + sign * b[i] * s);
    const size = Math.hypot(...q) || 1;
    return [q[1] / size, q[2] / size, q[3] / size, q[0] / size];
  }
}

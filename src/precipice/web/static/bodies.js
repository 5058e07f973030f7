// Performer, motorcycle, vehicle and canopy as bodies that one recognises. Axes: forward, left, up; metres.

import * as T from "./vendor/three.js";

const skin = (colour) => new T.MeshLambertMaterial({ color: colour });

function part(group, geometry, material, place = [0, 0, 0], turn = [0, 0, 0]) {
  const mesh = new T.Mesh(geometry, material);
  mesh.position.set(...place);
  mesh.rotation.set(...turn);
  group.add(mesh);
  return mesh;
}

function limb(group, material, a, b, radius) {
  const from = new T.Vector3(...a), to = new T.Vector3(...b), way = to.clone().sub(from);
  const mesh = new T.Mesh(new T.CapsuleGeometry(radius, way.length(), 3, 8), material);
  mesh.position.copy(from).addScaledVector(way, 0.5);
  mesh.quaternion.setFromUnitVectors(new T.Vector3(0, 1, 0), way.normalize());
  group.add(mesh);
}

/** Return a person with a rig: sitting as on a motorcycle, or spread as in the air. */
export function person(pose) {
  const group = new T.Group(), suit = skin(0xc2410c), dark = skin(0x1f2937), light = skin(0xf4f4f5);
  const lean = pose === "sit" ? 0.25 : 0;
  limb(group, suit, [0, 0, -0.1], [lean, 0, 0.42], 0.17);
  part(group, new T.SphereGeometry(0.15, 14, 10), light, [lean + 0.06, 0, 0.74]);
  part(group, new T.BoxGeometry(0.16, 0.3, 0.46), dark, [lean / 2 - 0.22, 0, 0.2]);
  for (const side of [-1, 1]) {
    if (pose === "sit") {
      limb(group, suit, [lean, side * 0.22, 0.42], [0.3, side * 0.34, 0.2], 0.06);
      limb(group, suit, [0.3, side * 0.34, 0.2], [0.62, side * 0.36, 0.24], 0.05);
      limb(group, dark, [0, side * 0.14, -0.15], [0.36, side * 0.24, -0.2], 0.09);
      limb(group, dark, [0.36, side * 0.24, -0.2], [0.1, side * 0.24, -0.6], 0.07);
    } else {
      limb(group, suit, [0, side * 0.22, 0.42], [0.05, side * 0.55, 0.55], 0.06);
      limb(group, suit, [0.05, side * 0.55, 0.55], [0.1, side * 0.62, 0.85], 0.05);
      limb(group, dark, [0, side * 0.13, -0.15], [0.05, side * 0.26, -0.55], 0.09);
      limb(group, dark, [0.05, side * 0.26, -0.55], [-0.08, side * 0.34, -0.92], 0.07);
    }
  }
  return group;
}

/** Return a motocross motorcycle, about its centre of mass. */
export function motorcycle() {
  const group = new T.Group(), black = skin(0x16181b), steel = skin(0x9aa3ad), paint = skin(0x1d5fd1);
  for (const x of [-0.66, 0.8]) {
    part(group, new T.TorusGeometry(0.29, 0.065, 8, 24), black, [x, 0, -0.25], [Math.PI / 2, 0, 0]);
    part(group, new T.CylinderGeometry(0.06, 0.06, 0.16, 8), steel, [x, 0, -0.25]);
  }
  limb(group, steel, [0.8, 0, -0.25], [0.48, 0, 0.48], 0.045);
  limb(group, steel, [-0.66, 0, -0.25], [0, 0, -0.12], 0.05);
  limb(group, black, [0.46, -0.36, 0.52], [0.46, 0.36, 0.52], 0.03);
  part(group, new T.BoxGeometry(0.42, 0.26, 0.36), steel, [0.08, 0, -0.12]);
  part(group, new T.BoxGeometry(0.46, 0.24, 0.2), paint, [0.22, 0, 0.24], [0, 0.12, 0]);
  part(group, new T.BoxGeometry(0.7, 0.2, 0.09), black, [-0.3, 0, 0.3], [0, 0.08, 0]);
  part(group, new T.BoxGeometry(0.4, 0.16, 0.04), paint, [-0.75, 0, 0.34], [0, 0.28, 0]);
  part(group, new T.BoxGeometry(0.4, 0.14, 0.03), paint, [0.86, 0, 0.14], [0, -0.1, 0]);
  return group;
}

/** Return a vehicle with whoever is on it, about its centre of mass: a car where nothing else is known. */
export function vehicle(kind) {
  if (kind === "motorcycle" || kind === "bicycle") return ridden(motorcycle());
  if (kind === "snowmobile") return ridden(snowmobile());
  if (kind === "ski" || kind === "snowboard") return skier(kind);
  return car();
}

/** Return a vehicle that is ridden, with its rider. */
function ridden(group) {
  const rider = person("sit");
  rider.position.set(-0.28, 0, 0.52);
  group.add(rider);
  return group;
}

function snowmobile() {
  const group = new T.Group(), black = skin(0x16181b), paint = skin(0x1d5fd1), steel = skin(0x9aa3ad);
  part(group, new T.BoxGeometry(1.5, 0.42, 0.34), black, [-0.45, 0, -0.32]);
  part(group, new T.BoxGeometry(1.1, 0.34, 0.2), black, [-0.5, 0, 0.12]);
  part(group, new T.BoxGeometry(0.95, 0.62, 0.42), paint, [0.62, 0, 0], [0, 0.16, 0]);
  limb(group, black, [0.4, -0.36, 0.48], [0.4, 0.36, 0.48], 0.03);
  for (const y of [-0.5, 0.5]) {
    part(group, new T.BoxGeometry(1.1, 0.16, 0.04), steel, [1, y, -0.45]);
    limb(group, steel, [0.75, y * 0.5, -0.1], [0.9, y, -0.42], 0.04);
  }
  return group;
}

function skier(kind) {
  const group = person("stand"), black = skin(0x16181b), wide = kind === "ski" ? [-0.16, 0.16] : [0];
  for (const y of wide) part(group, new T.BoxGeometry(1.75, kind === "ski" ? 0.09 : 0.26, 0.03), black, [0.1, y, -0.96]);
  return group;
}

function car() {
  const group = new T.Group(), black = skin(0x16181b), paint = skin(0xd97706), glass = skin(0x334155);
  part(group, new T.BoxGeometry(3.9, 1.7, 0.5), paint, [0, 0, 0]);
  part(group, new T.BoxGeometry(1.8, 1.5, 0.5), glass, [-0.3, 0, 0.5]);
  for (const x of [-1.35, 1.55])
    for (const y of [-0.85, 0.85]) part(group, new T.CylinderGeometry(0.42, 0.42, 0.3, 18), black, [x, y, -0.4]);
  return group;
}

/** Return a canopy with its lines to a point below it; unit scale is a span of 1. */
export function canopy(cells = 9) {
  const group = new T.Group(), points = [], faces = [], colours = [], lines = [];
  const arc = 1.05, radius = 1 / arc, chord = 0.42, hang = 0.62;
  const at = (s, c) => {
    const angle = (s - 0.5) * arc;
    const thick = 0.05 * Math.sin(Math.PI * Math.min(1, c * 1.1)) * (0.6 + 0.4 * Math.cos(cells * 2 * Math.PI * s));
    return [(0.5 - c) * chord + 0.04, radius * Math.sin(angle), hang + radius * (Math.cos(angle) - 1) + thick];
  };
  const wide = cells * 4, deep = 6;
  const warm = new T.Color(0xf97316), pale = new T.Color(0xfff1de);
  for (let i = 0; i <= wide; i++)
    for (let j = 0; j <= deep; j++) {
      points.push(...at(i / wide, j / deep));
      const colour = Math.floor(i / 4) % 2 ? pale : warm;
      colours.push(colour.r, colour.g, colour.b);
    }
  for (let i = 0; i < wide; i++)
    for (let j = 0; j < deep; j++) {
      const a = i * (deep + 1) + j, b = a + deep + 1;
      faces.push(a, b, b + 1, a, b + 1, a + 1);
    }
  const sheet = new T.BufferGeometry();
  sheet.setAttribute("position", new T.BufferAttribute(new Float32Array(points), 3));
  sheet.setAttribute("color", new T.BufferAttribute(new Float32Array(colours), 3));
  sheet.setIndex(faces);
  sheet.computeVertexNormals();
  group.add(new T.Mesh(sheet, new T.MeshLambertMaterial({ vertexColors: true, side: T.DoubleSide })));
  for (let i = 0; i <= cells; i += 1)
    for (const c of [0.05, 0.9]) lines.push(...at(i / cells, c), 0, (i / cells - 0.5) * 0.06, 0.03);
  const cords = new T.BufferGeometry();
  cords.setAttribute("position", new T.BufferAttribute(new Float32Array(lines), 3));
  group.add(new T.LineSegments(cords, new T.LineBasicMaterial({ color: 0x333333 })));
  return group;
}

/** Return a pilot chute on its bridle, above a person. */
export function pilotChute() {
  const group = new T.Group();
  const dome = new T.SphereGeometry(0.45, 14, 8, 0, 2 * Math.PI, 0, Math.PI / 2);
  part(group, dome, new T.MeshLambertMaterial({ color: 0xfacc15, side: T.DoubleSide }), [0, 0, 3.2], [Math.PI / 2, 0, 0]);
  const cord = new T.BufferGeometry();
  cord.setAttribute("position", new T.BufferAttribute(new Float32Array([0, 0, 0.3, 0, 0, 3.2]), 3));
  group.add(new T.Line(cord, new T.LineBasicMaterial({ color: 0x333333 })));
  return group;
}

// Talking to the server: reading, posting, and noticing when it is gone.

let session = "";
let alive = true;
const hearers = { state: [], gone: [], back: [] };

/** Call a function on "state" (with it), "gone" or "back" (with whether it is another server). */
export const on = (what, hear) => hearers[what].push(hear);
const tell = (what, given) => hearers[what].forEach((hear) => hear(given));

async function answer(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, { cache: "no-store", ...options });
  } catch {
    lost();
    throw new Error("the server does not answer");
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({ error: reply.statusText }));
  throw new Error(told.error);
}

function lost() {
  if (!alive) return;
  alive = false;
  tell("gone");
}

/** Return JSON. */
export const get = async (path) => (await answer(path)).json();

/** Return the head and arrays of an envelope; see envelope.py. */
export async function getArrays(path) {
  const block = await (await answer(path)).arrayBuffer();
  const length = new DataView(block).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(block, 4, length)));
  const arrays = {};
  for (const [name, { type, at, shape }] of Object.entries(head.arrays)) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = new (type === "u4" ? Uint32Array : Float32Array)(block, 4 + length + at, count);
  }
  return { ...head, arrays };
}

/** Post an object; return the new state, which everybody who listens is told. */
export async function post(path, given = {}) {
  const headers = { "Content-Type": "application/json", "X-Precipice-Session": session };
  const reply = await answer(path, { method: "POST", headers, body: JSON.stringify(given) });
  const state = await reply.json();
  tell("state", state);
  return state;
}

/** Ask for the state once; a server that is another one than before is told as "back". */
export async function ask() {
  const state = await get("/api/state");
  const other = session !== "" && state.session !== session;
  const was = alive;
  session = state.session;
  alive = true;
  if (!was || other) tell("back", other);
  tell("state", state);
  return state;
}

/** Ask again and again: often while something is under way, seldom else. */
export async function watch() {
  let wait = 1500;
  try {
    const state = await ask();
    const busy = state.jobs.some((job) => job.status === "running" || job.status === "waiting") || state.said;
    const flying = state.ensemble && state.ensemble.done < state.ensemble.runs;
    wait = busy || flying ? 400 : 1500;
  } catch {
    wait = 1000;
  }
  setTimeout(watch, wait);
}

// How a run ended, in words and a colour that colour-blind eyes tell apart (Okabe and Ito 2008).

const LOOKS = {
  landed: ["landed in the area", "#009E73", true],
  "landed-on-surface": ["landed on the surface", "#009E73", true],
  "landed-outside": ["landed outside the area", "#E69F00", false],
  "landed-in-water": ["landed in water", "#56B4E9", false],
  "came-to-rest": ["came to rest", "#0072B2", true],
  "missed-surface": ["missed the landing surface", "#D55E00", false],
  "stopped-before-lip": ["stopped before the lip", "#7f7f7f", true],
  "left-deck": ["went off the deck", "#5c3d99", false],
  "re-contact": ["hit by the motorcycle", "#CC79A7", false],
  "struck-obstacle": ["struck an obstacle", "#8c510a", false],
  unresolved: ["unresolved: never safe", "#F0E442", false],
};

/** Return name, colour, and whether it is no accident by itself. */
export function look(outcome) {
  const [name, colour, well] = LOOKS[outcome] ?? [outcome.replaceAll("-", " "), "#D55E00", false];
  return { name, colour, well };
}

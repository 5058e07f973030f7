// How a run ended, in words, a mark and a colour that colour-blind eyes tell apart (Okabe and Ito 2008).

const WELL = "●", SHORT = "△", BADLY = "✕";
const LOOKS = {
  landed: ["landed in the area", "#009E73", WELL],
  "landed-short": ["landed in the area, a margin short", "#999933", SHORT],
  "landed-on-surface": ["landed on the surface", "#009E73", WELL],
  "landed-on-surface-short": ["landed on the surface, a margin short", "#999933", SHORT],
  "landed-outside": ["landed outside the area", "#E69F00", BADLY],
  "landed-in-water": ["landed in water", "#56B4E9", BADLY],
  "came-to-rest": ["came to rest", "#0072B2", WELL],
  "came-to-rest-short": ["came to rest, a margin short", "#999933", SHORT],
  "missed-surface": ["missed the landing surface", "#D55E00", BADLY],
  "stopped-before-lip": ["stopped before the lip", "#7f7f7f", WELL],
  "left-deck": ["went off the deck", "#5c3d99", BADLY],
  "re-contact": ["hit by the motorcycle", "#CC79A7", BADLY],
  "struck-obstacle": ["struck an obstacle", "#8c510a", BADLY],
  unresolved: ["unresolved: never safe", "#F0E442", BADLY],
};

/** Return name, colour, mark, and whether it ended well and with nothing short. */
export function look(outcome) {
  const [name, colour, mark] = LOOKS[outcome] ?? [outcome.replaceAll("-", " "), "#D55E00", BADLY];
  return { name, colour, mark, well: mark === WELL, badly: mark === BADLY };
}

/**
 * The colours of dark figures. Builders make light ones; a dark one has other colours in the same
 * places, so it is the same data with each colour looked up in this table.
 *
 * @module
 */

/** What stands in a dark figure for each colour of a light one. */
export const DARK_COLORS: Readonly<Record<string, string>> = {
  // Paper, ink, lines, from the brightest to the darkest.
  "#ffffff": "#15181c",
  "rgba(255,255,255,0.7)": "rgba(21,24,28,0.7)",
  "#e3e7ec": "#39424c",
  "#e5e8ec": "#2a3037",
  "#d5dae0": "#39424c",
  "#c5ccd3": "#4b5662",
  "#b4bac2": "#6b7580",
  "#9aa3ad": "#7c8793",
  "#8a94a0": "#8a94a0",
  "#6b7280": "#a3adb8",
  "#3b434d": "#c9d1d9",
  "#2b2b2b": "#e6eaee",
  "#1f2933": "#d5dbe1",
  // Curves that are too dark for dark paper.
  "#0072b2": "#3d9be0",
  "#000000": "#f2f4f6",
  // Scales of shares and of edges: what is much is bright.
  "#c6dbef": "#1f4e8c",
  "#9ecae1": "#2260a0",
  "#6baed6": "#2171b5",
  "#2171b5": "#6baed6",
  "#08519c": "#9ecae1",
  "#08306b": "#c6dbef",
  // The scale of errors.
  "#f7f7f5": "#16181b",
  "#fdd49e": "#7f0000",
  "#fc8d59": "#d7301f",
  "#d7301f": "#fc8d59",
  "#7f0000": "#fdd49e",
};

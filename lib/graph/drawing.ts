/** A small graph as a small picture. @module */
import { isTensor } from "../tree/mod.ts";

/** Larger graphs are a figure's business. */
const [MAX_NODES, MAX_EDGES] = [30, 90];
/** Pixels: of the picture, of the circle that nodes stand on, of a node. */
const [SIZE, RADIUS, NODE] = [180, 68, 9];

type Point = readonly [number, number];

/** Whole numbers of a field, or null where they cannot be read now: a tracer, a disposed tensor. */
function numbersOf(field: unknown, most: number): number[] | null {
  if (!isTensor(field) || field.isDisposed || field.size > most) return null;
  try {
    return Array.from(field.dataSync());
  } catch {
    // Inside `jit` values are not known yet.
    return null;
  }
}

/** Nodes stand on a circle, the first at the top. */
function placeOf(node: number, numNodes: number): Point {
  if (numNodes === 1) return [SIZE / 2, SIZE / 2];
  const angle = 2 * Math.PI * node / numNodes;
  return [SIZE / 2 + RADIUS * Math.sin(angle), SIZE / 2 - RADIUS * Math.cos(angle)];
}

const text = (n: number): string => n.toFixed(1);
const at = ([x, y]: Point): string => `${text(x)} ${text(y)}`;

/** An edge as a path that bends to its right, with an arrow in its middle; a loop goes outwards. */
function edgePath(a: Point, b: Point, isLoop: boolean): string {
  const middle: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  if (isLoop) {
    const out = (share: number, aside: number): Point => {
      const [dx, dy] = [a[0] - SIZE / 2, a[1] - SIZE / 2];
      const length = Math.hypot(dx, dy) || 1;
      const [ux, uy] = Math.hypot(dx, dy) > 0 ? [dx / length, dy / length] : [0, -1];
      return [a[0] + share * ux - aside * uy, a[1] + share * uy + aside * ux];
    };
    return `M${at(a)}C${at(out(26, 16))} ${at(out(26, -16))} ${at(a)}`;
  }
  // Screens count downwards, so right of the direction is (-dy, dx).
  const bend: Point = [middle[0] - 0.12 * (b[1] - a[1]), middle[1] + 0.12 * (b[0] - a[0])];
  const half = (p: Point, q: Point): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
  const top = half(half(a, bend), half(bend, b));
  return `M${at(a)}Q${at(half(a, bend))} ${at(top)}Q${at(half(bend, b))} ${at(b)}`;
}

/**
 * The graph as an SVG element of at most 30 KB: all nodes on a circle, edges with arrows, padding
 * and several graphs alike. Empty for graphs of more than 30 nodes or 90 edges, and where indices
 * cannot be read.
 */
export function drawing(graph: Readonly<Record<string, unknown>>): string {
  const counts = numbersOf(graph.nNode, MAX_NODES);
  const senders = numbersOf(graph.senders, MAX_EDGES);
  const receivers = numbersOf(graph.receivers, MAX_EDGES);
  if (counts === null || senders === null || receivers === null) return "";
  const numNodes = counts.reduce((a, b) => a + b, 0);
  const inRange = (node: number): boolean => node >= 0 && node < numNodes;
  if (numNodes < 1 || numNodes > MAX_NODES || senders.length !== receivers.length) return "";
  if (![...senders, ...receivers].every(inRange)) return "";
  // Pages may hold several pictures, whose marks must not be mixed up.
  const mark = `arrow-${crypto.randomUUID()}`;
  const paths = senders.map((sender, e) => {
    const receiver = receivers[e]!;
    const d = edgePath(placeOf(sender, numNodes), placeOf(receiver, numNodes), sender === receiver);
    return `<path d="${d}" marker-mid="url(#${mark})"/>`;
  });
  const nodes = Array.from({ length: numNodes }, (_, node) => {
    const [x, y] = placeOf(node, numNodes).map(text);
    return `<circle cx="${x}" cy="${y}" r="${NODE}"/>` +
      `<text x="${x}" y="${y}" dy=".35em" fill="#fff" stroke="none">${node}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" role="img" ` +
    `aria-label="the graph" font-family="sans-serif" font-size="10" text-anchor="middle">` +
    `<defs><marker id="${mark}" orient="auto" markerWidth="7" markerHeight="7" refX="4" refY="3">` +
    `<path d="M0 0L6 3L0 6z" fill="#8a94a0"/></marker></defs>` +
    `<g fill="none" stroke="#8a94a0">${paths.join("")}</g>` +
    `<g fill="#0072b2" stroke="#fff">${nodes.join("")}</g></svg>`;
}

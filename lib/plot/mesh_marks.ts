/** What stands on a mesh's nodes: arrows of a vector field, points of node types. @module */
import { formatShape } from "../base/mod.ts";
import { type ArrayInput, readArray, realColumn } from "./arrays.ts";
import type { PlotMesh } from "./mesh.ts";
import { CURVE_COLORS } from "./scale.ts";
import type { ConeTrace, Scatter3dTrace } from "./types.ts";

/** More arrows would hide the mesh. */
const MAX_ARROWS = 1500;
/** The longest arrow, as a share of the mesh's diagonal. */
const LONGEST = 0.05;
const ARROW = "#3b434d";
/** In the plane, what is drawn on the triangles stands above them, towards the camera. */
const ABOVE = 0.7;

/** Arrows, how many vectors one of them stands for, and how many vectors are not finite. */
export interface Arrows {
  readonly trace: Scatter3dTrace | ConeTrace;
  readonly every: number;
  readonly bad: number;
}

/**
 * A vector field as arrows, their lengths in proportion.
 *
 * @throws {TypeError} If there is not a vector of the mesh's dimension for each node.
 */
export function vectorArrows(mesh: PlotMesh, vectors: ArrayInput): Arrows {
  const { shape, data } = readArray(vectors, "vectors", 2);
  const { numPoints, dimension, columns, box } = mesh;
  if (shape.length !== 2 || shape[0] !== numPoints || shape[1] !== dimension) {
    throw new TypeError(
      `Cannot draw vectors as there is one for each node, [${numPoints}, ${dimension}]: got ` +
        formatShape(shape),
    );
  }
  const vector = (n: number): number[] =>
    Array.from({ length: 3 }, (_, c) => c < dimension ? data[n * dimension + c]! : 0);
  const every = Math.ceil(numPoints / MAX_ARROWS);
  const all = Array.from({ length: numPoints }, (_, n) => n);
  const isFinite = (n: number): boolean => vector(n).every(Number.isFinite);
  const bad = numPoints - all.filter(isFinite).length;
  const shown = all.filter((n) => n % every === 0 && isFinite(n));
  const longest = shown.reduce((most, n) => Math.max(most, Math.hypot(...vector(n))), 0);
  const diagonal = Math.hypot(...box.map(([low, high]) => high - low));
  const unit = longest > 0 ? LONGEST * diagonal / longest : 0;
  const at = (n: number): number[] => columns.map((column) => column[n]!);
  const arrows = shown.map((n) => ({ from: at(n), by: vector(n).map((v) => v * unit) }));
  return { trace: dimension === 2 ? lines(arrows) : cones(arrows, diagonal), every, bad };
}

interface Arrow {
  readonly from: readonly number[];
  readonly by: readonly number[];
}

/** Arrows in the plane: a shaft and two barbs in one stroke, and a gap. */
function lines(arrows: readonly Arrow[]): Scatter3dTrace {
  const points = arrows.flatMap(({ from: [x, y], by: [u, v] }) => {
    const barb = (side: number): number[] => [
      x! + 0.7 * u! - side * 0.15 * v!,
      y! + 0.7 * v! + side * 0.15 * u!,
    ];
    const tip = [x! + u!, y! + v!];
    return [[x!, y!], tip, barb(1), tip, barb(-1), [NaN, NaN]];
  });
  const column = (c: number) => realColumn(points.map((point) => point[c]!));
  return {
    type: "scatter3d",
    mode: "lines",
    name: "vectors",
    ...{ x: column(0), y: column(1), z: realColumn(points.map(() => ABOVE)) },
    line: { color: ARROW, width: 2 },
    hoverinfo: "skip",
    showlegend: false,
  };
}

/** Arrows in space. */
function cones(arrows: readonly Arrow[], diagonal: number): ConeTrace {
  const column = (of: keyof Arrow, c: number) => realColumn(arrows.map((arrow) => arrow[of][c]!));
  return {
    type: "cone",
    name: "vectors",
    ...{ x: column("from", 0), y: column("from", 1), z: column("from", 2) },
    ...{ u: column("by", 0), v: column("by", 1), w: column("by", 2) },
    sizemode: "raw",
    sizeref: diagonal > 0 ? 1 : 0,
    colorscale: [[0, ARROW], [1, ARROW]],
    showscale: false,
    hoverinfo: "skip",
  };
}

/**
 * Nodes as points, a trace for each type but 0, of which most nodes are.
 *
 * @throws {TypeError} If there is not a type for each node.
 * @throws {RangeError} If a type is no whole number from 0.
 */
export function nodeTypeTraces(
  mesh: PlotMesh,
  types: ArrayInput,
  names: Readonly<Record<number, string>>,
): Scatter3dTrace[] {
  const { shape, data } = readArray(types, "node types");
  if (data.length !== mesh.numPoints) {
    throw new TypeError(
      `Cannot draw node types as there is one for each of the ${mesh.numPoints} nodes: got ` +
        formatShape(shape),
    );
  }
  const all = Array.from(data);
  const wrong = all.findIndex((type) => !(Number.isInteger(type) && type >= 0));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot draw node types as they are whole numbers from 0: node ${wrong} has ${all[wrong]}`,
    );
  }
  const kinds = [...new Set(all)].filter((type) => type !== 0).sort((a, b) => a - b);
  return kinds.map((type, k) => {
    const nodes = all.flatMap((each, n) => each === type ? [n] : []);
    const column = (c: number) => realColumn(nodes.map((n) => mesh.columns[c]![n]!));
    return {
      type: "scatter3d",
      mode: "markers",
      name: names[type] ?? `type ${type}`,
      ...{ x: column(0), y: column(1) },
      z: mesh.dimension === 2 ? realColumn(nodes.map(() => ABOVE)) : column(2),
      marker: { size: 4, color: CURVE_COLORS[(k + 1) % CURVE_COLORS.length]! },
      hovertemplate: `node of ${names[type] ?? `type ${type}`}<extra></extra>`,
      showlegend: true,
    };
  });
}

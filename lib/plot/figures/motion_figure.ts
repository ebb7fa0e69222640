/** A mesh that moves, as an animation: cloth, plates, whatever changes its shape. @module */
import { formatShape } from "../../base/mod.ts";
import { animationControls, framesShown } from "../animation.ts";
import { type ArrayInput, readArray, realColumn } from "../arrays.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { type FieldFrames, frameOf, readFrames } from "../field.ts";
import { displayFigure } from "../figure.ts";
import { type PlotMesh, readMeshInput } from "../mesh.ts";
import { edgeTrace, surfaceTrace } from "../mesh_traces.ts";
import { colorRange, FIELD_SCALE, finiteOrTop } from "../scale.ts";
import {
  arrange,
  type Arrangement,
  baseLayout,
  CONFIG,
  heading,
  type Margin,
  PLANE_CONFIG,
  scene,
  sceneName,
} from "../scene.ts";
import type { Figure, Frame, Trace } from "../types.ts";
import type { RolloutFigureOptions } from "./rollout_figure.ts";

/** A mesh in motion, as {@linkcode motionFigure} shows it. */
export interface Motion {
  /** Where the nodes are in each frame, `[T, V, 2]` or `[T, V, 3]`. */
  readonly position: ArrayInput;
  /** A value of each node in each frame, which its colour shows: `[T, V]`, or vectors. */
  readonly field?: ArrayInput;
}

/** Options of {@linkcode motionFigure}, those of `rolloutFigure`; the truth is the first motion. */
export type MotionFigureOptions = RolloutFigureOptions;

/** A motion that was read: meshes of the frames that are shown. */
interface Panel {
  readonly title: string;
  readonly meshes: readonly PlotMesh[];
  readonly values: readonly Float32Array[] | null;
}

/**
 * Animates a mesh whose nodes move, with a slider and a play button; several motions stand side by
 * side, such as the truth and what was predicted.
 *
 * Axes hold all frames of all motions. From the first frame on in which a position is not finite, a
 * motion stays as it was before, and its heading says so.
 *
 * @param triangles Node indices, `[C, 3]`: of tetrahedra, their faces.
 * @param motions By name, of as many frames each.
 * @throws {TypeError} If shapes do not fit each other.
 * @throws {RangeError} If there is no motion, one begins with positions that are not finite, or an
 * option is out of range.
 *
 * @example
 * ```ts
 * import { motionFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const still = [[0, 0, 0], [1, 0, 0], [0, 1, 0]];
 * const position = [still, still.map(([x, y]) => [x!, y!, 1])];
 * const figure = motionFigure([[0, 1, 2]], { truth: { position } }, { dt: 0.1 });
 * assertEquals(figure.frames?.[1]?.data[0], { x: [0, 1, 0], y: [0, 0, 1], z: [1, 1, 1] });
 * ```
 */
export function motionFigure(
  triangles: ArrayInput,
  motions: Readonly<Record<string, Motion>>,
  options: MotionFigureOptions = {},
): Figure {
  const { every = 1, dt, title } = options;
  const read = Object.entries(motions ?? {}).map((each) => readPanel(triangles, each, every));
  checkPanels(read);
  const range = read[0]!.values &&
    colorRange(options.range, read[0]!.values, "the field of a motion");
  const panels = read.map((panel) => withColors(panel, range?.[1] ?? 0));
  const mesh = { ...panels[0]!.meshes[0]!, box: boxOf(panels) };
  const margin: Margin = { l: 12, r: range ? 96 : 12, t: title === undefined ? 40 : 66, b: 92 };
  const place = arrange(mesh, panels.length, options.width ?? 900, margin);
  const numFrames = panels[0]!.meshes.length;
  return displayFigure({
    data: panels.flatMap((panel, n) => tracesOf(panel, 0, n)),
    layout: {
      ...baseLayout(title, place, margin),
      ...Object.fromEntries(
        panels.map((_, n) => [sceneName(n), sceneOf(mesh, place, n, margin)]),
      ),
      ...(range
        ? {
          coloraxis: colorAxis(
            range,
            options.colorscale ?? FIELD_SCALE,
            colorbarBeside(options.name ?? ""),
          ),
        }
        : {}),
      annotations: panels.map((panel, n) => heading(place.domains[n]!, panel.title)),
      ...animationControls(
        Array.from({ length: numFrames }, (_, frame) => frame * every),
        { dt, top: 0 },
      ),
    },
    frames: Array.from({ length: numFrames }, (_, frame) => frameAt(panels, frame, every)),
    config: mesh.dimension === 2 ? PLANE_CONFIG : CONFIG,
  });
}

function readPanel(triangles: ArrayInput, [name, motion]: [string, Motion], every: number): Panel {
  const [numFrames, numNodes, width, data] = readPositions(motion?.position, name);
  const shown = framesShown(numFrames, every, "a motion");
  const size = numNodes * width;
  const rows = (frame: number) => data.slice(frame * size, (frame + 1) * size);
  const bad = shown.find((frame) => !rows(frame).every(Number.isFinite));
  if (bad === 0) {
    throw new RangeError(
      `Cannot draw a motion as it begins with finite positions: those of ${name} are not`,
    );
  }
  const meshes: PlotMesh[] = [];
  for (const frame of shown) {
    const points = { shape: [numNodes, width], data: rows(frame) };
    const isLost = bad !== undefined && frame >= bad;
    meshes.push(isLost ? meshes.at(-1)! : readMeshInput({ points, triangles }));
  }
  const field = motion.field === undefined
    ? null
    : readFrames(motion.field, numNodes, `the field of ${name}`);
  if (field) checkFrames(field, numFrames, name);
  return {
    title: bad === undefined ? name : `${name}: not finite from step ${bad} on`,
    meshes,
    values: field && shown.map((frame) => frameOf(field, frame)),
  };
}

function readPositions(
  position: ArrayInput,
  name: string,
): [frames: number, nodes: number, width: number, data: Float32Array] {
  const { shape, data } = readArray(position, `the positions of ${name}`);
  const [frames = 0, nodes = 0, width = 0] = shape;
  if (shape.length === 3 && frames > 0 && nodes > 0 && (width === 2 || width === 3)) {
    return [frames, nodes, width, Float32Array.from(data)];
  }
  throw new TypeError(
    `Cannot draw a motion as positions are [T, V, 2] or [T, V, 3]: ${name} has ` +
      formatShape(shape),
  );
}

function checkFrames(field: FieldFrames, numFrames: number, name: string): void {
  if (field.numFrames === numFrames) return;
  throw new TypeError(
    `Cannot draw a motion as its field is of as many frames: ${name} has positions of ` +
      `${numFrames}, a field of ${field.numFrames}`,
  );
}

function checkPanels(panels: readonly Panel[]): void {
  if (panels.length === 0) throw new RangeError("Cannot draw a motion as there must be one: got 0");
  const [first] = panels as [Panel];
  const sizeOf = ({ meshes: [mesh, ...others], values }: Panel): string =>
    `${1 + others.length} frames of ${mesh!.numPoints} nodes in ${mesh!.dimension} dimensions` +
    (values ? " with a field" : "");
  const other = panels.find((panel) => sizeOf(panel) !== sizeOf(first));
  if (!other) return;
  throw new TypeError(
    `Cannot draw a motion beside another as both are of one kind: ${first.title} has ` +
      `${sizeOf(first)}, ${other.title} has ${sizeOf(other)}`,
  );
}

/** The least and the greatest coordinate of all frames. */
function boxOf(panels: readonly Panel[]): PlotMesh["box"] {
  const boxes = panels.flatMap(({ meshes }) => meshes.map(({ box }) => box));
  return boxes[0]!.map((_, axis): [number, number] => [
    boxes.reduce((low, box) => Math.min(low, box[axis]![0]), Infinity),
    boxes.reduce((high, box) => Math.max(high, box[axis]![1]), -Infinity),
  ]);
}

/** The scene of a panel, whose axes hold still. */
function sceneOf(mesh: PlotMesh, place: Arrangement, panel: number, margin: Margin): unknown {
  const plain = scene(mesh, place, panel, margin) as object;
  if (mesh.dimension === 2) return plain;
  const [x, y, z] = mesh.box.map(([low, high]) => {
    const room = 0.02 * (high - low) || 0.5;
    return { range: [low - room, high + room] };
  });
  return { ...plain, xaxis: x, yaxis: y, zaxis: z };
}

/** The same panel with values that all have a colour. */
function withColors(panel: Panel, top: number): Panel {
  return { ...panel, values: panel.values && panel.values.map((v) => finiteOrTop(v, top)) };
}

/** A surface, and in the plane its outline. */
function tracesOf({ meshes, values }: Panel, frame: number, panel: number): Trace[] {
  const mesh = meshes[frame]!;
  const surface = { ...surfaceTrace(mesh, values?.[frame]), scene: sceneName(panel) };
  if (mesh.dimension === 3) return [surface];
  return [surface, { ...edgeTrace(mesh, "boundary"), scene: sceneName(panel) }];
}

/** What changes: coordinates, and values. */
function frameAt(panels: readonly Panel[], frame: number, every: number): Frame {
  const data = panels.flatMap(({ meshes, values }): Partial<Trace>[] => {
    const mesh = meshes[frame]!;
    const [x, y, z] = mesh.columns.map(realColumn) as [number[], number[], number[]];
    const surface = { x, y, z, ...(values ? { intensity: realColumn(values[frame]!) } : {}) };
    if (mesh.dimension === 3) return [surface];
    const outline = edgeTrace(mesh, "boundary");
    return [surface, { x: outline.x, y: outline.y, z: outline.z }];
  });
  return { name: String(frame * every), traces: data.map((_, n) => n), data };
}

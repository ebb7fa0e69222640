/** A triangle mesh, its triangles coloured by a value per node. @module */
import type { ArrayInput } from "../arrays.ts";
import { colorAxis, colorbarBeside } from "../color_axis.ts";
import { readField } from "../field.ts";
import { displayFigure } from "../figure.ts";
import { finiteTriangles, type MeshInput, type PlotMesh, readMeshInput } from "../mesh.ts";
import { nodeTypeTraces, vectorArrows } from "../mesh_marks.ts";
import { edgeTrace, surfaceTrace } from "../mesh_traces.ts";
import { colorRange, FIELD_SCALE } from "../scale.ts";
import {
  arrange,
  baseLayout,
  CONFIG,
  heading,
  type Margin,
  PLANE_CONFIG,
  scene,
} from "../scene.ts";
import type { Colorscale, Figure } from "../types.ts";

/** Options of {@linkcode meshFigure}. */
export interface MeshFigureOptions {
  /** A value per node: `[V]`, `[V, 1]`, or vectors `[V, C]`, of which the length is shown. */
  readonly field?: ArrayInput;
  /** A vector field as arrows, `[V, 2]` in the plane or `[V, 3]` in space. */
  readonly vectors?: ArrayInput;
  /**
   * The type of each node, `[V]` or `[V, 1]`, such as MeshGraphNets' `node_type`. Those of type 0,
   * which most are, get no mark.
   */
  readonly nodeTypes?: ArrayInput;
  /** What types are called in the legend; by default `type 4`. */
  readonly nodeTypeNames?: Readonly<Record<number, string>>;
  /** What the field is, with its unit: the colour bar's title. */
  readonly name?: string;
  /** The figure's heading. */
  readonly title?: string;
  /** Values at the ends of the colour scale; the field's own least and greatest by default. */
  readonly range?: readonly [number, number];
  /** A plotly scale's name, or stops; Viridis by default. */
  readonly colorscale?: Colorscale;
  /**
   * Draw all edges (the default where there is no field), or with `"boundary"` the outline alone
   * (the default of a field in the plane).
   */
  readonly wireframe?: boolean | "boundary";
  /** Width of the figure in pixels, 900 by default; the height follows the mesh. */
  readonly width?: number;
}

/**
 * Draws a mesh of triangles or quads in the plane (from above, to scale) or in space, or the
 * surface of tetrahedra, coloured by a value per node, interpolated inside each triangle; on it
 * arrows of a vector field, and marks of node types.
 *
 * Triangles with a node whose value is NaN or infinite are left out, and a note says how many. Of
 * more than 1,500 vectors an even part is drawn.
 *
 * @param mesh points `[V, 2]` or `[V, 3]` and triangles `[C, 3]`, quads or tetrahedra `[C, 4]`; of
 * what `readMesh` gives, `{ points, triangles: cells[0]! }`.
 * @throws {TypeError} If a shape does not fit.
 * @throws {RangeError} If the mesh is empty, an index is out of range, or no value is finite.
 *
 * @example
 * ```ts
 * import { meshFigure } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = { points: [[0, 0], [1, 0], [0, 1]], triangles: [[0, 1, 2]] };
 * const figure = meshFigure(mesh, { field: [0, 1, 2], name: "pressure" });
 * assertEquals(figure.data[0]?.type, "mesh3d");
 * ```
 */
export function meshFigure(mesh: MeshInput, options: MeshFigureOptions = {}): Figure {
  const plotMesh = readMeshInput(mesh);
  const field = options.field === undefined
    ? undefined
    : readField(options.field, plotMesh.numPoints);
  const arrows = options.vectors && vectorArrows(plotMesh, options.vectors);
  const marks = options.nodeTypes
    ? nodeTypeTraces(plotMesh, options.nodeTypes, options.nodeTypeNames ?? {})
    : [];
  const margin: Margin = {
    l: 12,
    r: field ? 96 : 12,
    t: options.title === undefined ? 34 : 58,
    b: marks.length > 0 ? 40 : 12,
  };
  const place = arrange(plotMesh, 1, options.width ?? 900, margin);
  const outlined = plotMesh.dimension === 2 ? "boundary" : false;
  const wireframe = options.wireframe ?? (field ? outlined : true);
  const data = [
    surfaceTrace(plotMesh, field),
    ...(wireframe === false ? [] : [edgeTrace(plotMesh, wireframe === true ? "all" : "boundary")]),
    ...(arrows ? [arrows.trace] : []),
    ...marks,
  ];
  const hidden = field ? numHidden(plotMesh, field) : 0;
  const said = [
    ...(hidden > 0 ? [`${hidden} triangles without a finite value`] : []),
    ...(arrows && arrows.bad > 0 ? [`${arrows.bad} vectors that are not finite`] : []),
    ...(arrows && arrows.every > 1 ? [`one in ${arrows.every} vectors is drawn`] : []),
  ];
  return displayFigure({
    data,
    layout: {
      ...baseLayout(options.title, place, margin),
      scene: scene(plotMesh, place, 0, margin),
      ...(field
        ? {
          coloraxis: colorAxis(
            colorRange(options.range, [field], "a field"),
            options.colorscale ?? FIELD_SCALE,
            colorbarBeside(options.name ?? ""),
          ),
        }
        : {}),
      ...(marks.length > 0
        ? { legend: { orientation: "h", x: 0, y: 0, xanchor: "left", yanchor: "top" } }
        : {}),
      ...(said.length > 0 ? { annotations: [heading(place.domains[0]!, said.join("; "))] } : {}),
    },
    config: plotMesh.dimension === 2 ? PLANE_CONFIG : CONFIG,
  });
}

function numHidden(mesh: PlotMesh, field: Float32Array): number {
  return mesh.numTriangles - finiteTriangles(mesh, field).length / 3;
}

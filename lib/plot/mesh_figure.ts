/** A triangle mesh, its triangles coloured by a value per node. @module */
import { type ArrayInput, indexColumn, realColumn } from "./arrays.ts";
import { displayFigure } from "./figure.ts";
import { readField } from "./field.ts";
import {
  edgeColumns,
  finiteTriangles,
  meshEdges,
  type MeshInput,
  type PlotMesh,
  readMeshInput,
} from "./mesh.ts";
import { colorRange, FIELD_SCALE } from "./scale.ts";
import { arrange, baseLayout, CONFIG, heading, type Margin, PLANE_CONFIG, scene } from "./scene.ts";
import type { Colorscale, Figure, Mesh3dTrace, Scatter3dTrace } from "./types.ts";

/** Options of {@linkcode meshFigure}. */
export interface MeshFigureOptions {
  /** A value per node: `[V]`, `[V, 1]`, or vectors `[V, C]`, of which the length is shown. */
  readonly field?: ArrayInput;
  /** What the field is, with its unit: the colour bar's title. */
  readonly name?: string;
  /** The figure's heading. */
  readonly title?: string;
  /** Values at the ends of the colour scale; the field's own least and greatest by default. */
  readonly range?: readonly [number, number];
  /** A plotly scale's name, or stops; Viridis by default. */
  readonly colorscale?: Colorscale;
  /**
   * Draw all edges (the default where there is no field), or with `"boundary"` the outline alone (the
   * default of a field in the plane).
   */
  readonly wireframe?: boolean | "boundary";
  /** Width of the figure in pixels, 900 by default; the height follows the mesh. */
  readonly width?: number;
}

/** Light that leaves colours as the colour bar shows them. */
const FLAT_LIGHT = { ambient: 1, diffuse: 0, specular: 0, fresnel: 0 };
/** Light that shows the shape of a surface. */
const SOFT_LIGHT = { ambient: 0.75, diffuse: 0.45, specular: 0.05, roughness: 0.9, fresnel: 0 };
const PLAIN = "#e3e7ec";
const EDGE = "#1f2933";

/**
 * Draws a triangle mesh in the plane (from above, to scale) or in space, its triangles coloured by a
 * value per node, interpolated inside each triangle.
 *
 * Triangles with a node whose value is NaN or infinite are left out, and a note says how many.
 *
 * @param mesh points `[V, 2]` or `[V, 3]` and triangles `[C, 3]`.
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
  const margin: Margin = {
    l: 12,
    r: field ? 96 : 12,
    t: options.title === undefined ? 34 : 58,
    b: 12,
  };
  const place = arrange(plotMesh, 1, options.width ?? 900, margin);
  const outlined = plotMesh.dimension === 2 ? "boundary" : false;
  const wireframe = options.wireframe ?? (field ? outlined : true);
  const data = [
    surfaceTrace(plotMesh, field),
    ...(wireframe === false ? [] : [edgeTrace(plotMesh, wireframe === true ? "all" : "boundary")]),
  ];
  const hidden = field ? numHidden(plotMesh, field) : 0;
  return displayFigure({
    data,
    layout: {
      ...baseLayout(options.title, place, margin),
      scene: scene(plotMesh, place, 0, margin),
      ...(field ? { coloraxis: colorAxis(field, options) } : {}),
      ...(hidden > 0
        ? {
          annotations: [heading(place.panels[0]!, `${hidden} triangles without a finite value`)],
        }
        : {}),
    },
    config: plotMesh.dimension === 2 ? PLANE_CONFIG : CONFIG,
  });
}

/** The triangles of a mesh, coloured through the figure's colour axis where there is a field. */
export function surfaceTrace(mesh: PlotMesh, field?: Float32Array): Mesh3dTrace {
  const triangles = field ? finiteTriangles(mesh, field) : mesh.triangles;
  const corner = (k: number): Int32Array => triangles.filter((_, n) => n % 3 === k);
  const [x, y, z] = mesh.columns.map(realColumn) as [number[], number[], number[]];
  const at = mesh.dimension === 2 ? "x %{x:.4g}, y %{y:.4g}" : "%{x:.4g}, %{y:.4g}, %{z:.4g}";
  return {
    type: "mesh3d",
    x,
    y,
    z,
    i: indexColumn(corner(0), mesh.numPoints),
    j: indexColumn(corner(1), mesh.numPoints),
    k: indexColumn(corner(2), mesh.numPoints),
    ...(field
      ? {
        intensity: realColumn(field),
        coloraxis: "coloraxis",
        hovertemplate: `%{intensity:.4g}<br>${at}<extra></extra>`,
      }
      : { color: PLAIN, hovertemplate: `${at}<extra></extra>` }),
    flatshading: false,
    lighting: mesh.dimension === 2 ? FLAT_LIGHT : SOFT_LIGHT,
  };
}

/** The edges of a mesh as thin lines. */
export function edgeTrace(mesh: PlotMesh, which: "all" | "boundary"): Scatter3dTrace {
  const columns = edgeColumns(mesh, meshEdges(mesh, which));
  // In the plane the lines lie just above the triangles, towards the camera.
  if (mesh.dimension === 2) columns[2] = columns[2]!.map((z) => z + 0.5);
  const [x, y, z] = columns.map(realColumn) as [number[], number[], number[]];
  const line = { color: EDGE, width: which === "boundary" ? 2 : 1 };
  return {
    type: "scatter3d",
    mode: "lines",
    x,
    y,
    z,
    line,
    hoverinfo: "skip",
    showlegend: false,
  };
}

function colorAxis(field: Float32Array, options: MeshFigureOptions): unknown {
  const [cmin, cmax] = colorRange(options.range, [field], "a field");
  return {
    colorscale: options.colorscale ?? FIELD_SCALE,
    cmin,
    cmax,
    colorbar: {
      title: { text: options.name ?? "", side: "right" },
      thickness: 14,
      len: 1,
      ypad: 0,
      nticks: 6,
      outlinewidth: 0,
      x: 1.01,
      xanchor: "left",
    },
  };
}

function numHidden(mesh: PlotMesh, field: Float32Array): number {
  return mesh.numTriangles - finiteTriangles(mesh, field).length / 3;
}

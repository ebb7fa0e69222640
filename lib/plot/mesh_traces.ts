/** A mesh as traces: its triangles, coloured or plain, and its edges. @module */
import { indexColumn, realColumn } from "./arrays.ts";
import { edgeColumns, finiteTriangles, meshEdges, type PlotMesh } from "./mesh.ts";
import type { Mesh3dTrace, Scatter3dTrace } from "./types.ts";

/** Light that leaves colours as the colour bar shows them. */
const FLAT_LIGHT = { ambient: 1, diffuse: 0, specular: 0, fresnel: 0 };
/** Light that shows the shape of a surface. */
const SOFT_LIGHT = { ambient: 0.75, diffuse: 0.45, specular: 0.05, roughness: 0.9, fresnel: 0 };
const PLAIN = "#e3e7ec";
const EDGE = "#1f2933";

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

/**
 * Where meshes stand in a figure: panels of the mesh's own proportions, and the camera above them.
 *
 * A plane mesh is a plotly 3-D scene seen from straight above without perspective. That keeps the
 * real triangles (WebGL interpolates inside each), at any zoom, and moves a frame of 2,000
 * triangles in milliseconds; plotly's 2-D heat maps need a regular grid and are redrawn several
 * times slower.
 *
 * @module
 */
import type { Annotation, Layout } from "./types.ts";
import type { PlotMesh } from "./mesh.ts";

/** Text in every figure. */
const FONT: Readonly<Record<string, unknown>> = {
  family: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  size: 13,
  color: "#2b2b2b",
};

/** Pixels around the plot area. */
export interface Margin {
  readonly l: number;
  readonly r: number;
  readonly t: number;
  readonly b: number;
}

/** A panel's place: fractions of the plot area. */
export interface Domain {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** Panels side by side or stacked, and the size of the figure that holds them. */
export interface Arrangement {
  readonly width: number;
  readonly height: number;
  /** The place of each panel. */
  readonly domains: readonly Domain[];
  /** Height of the plot area in pixels. */
  readonly plotHeight: number;
}

const GAP = 34;

/** The width of a mesh over its height, within what panels can show. */
function proportion(mesh: PlotMesh): number {
  const [[x0, x1], [y0, y1]] = mesh.box as [[number, number], [number, number]];
  if (mesh.dimension === 3) return 4 / 3;
  return Math.min(12, Math.max(1 / 3, (x1 - x0) / (y1 - y0) || 1));
}

/** Whether panels of a mesh stand one above the other rather than side by side. */
export function stacks(mesh: PlotMesh): boolean {
  return proportion(mesh) > 1.6;
}

/** Arranges `count` panels of a mesh's proportions in a figure `width` pixels wide. */
export function arrange(mesh: PlotMesh, count: number, width: number, margin: Margin): Arrangement {
  const aspect = proportion(mesh);
  const stacked = count > 1 && stacks(mesh);
  const [columns, rows] = stacked ? [1, count] : [count, 1];
  const plotWidth = width - margin.l - margin.r;
  const panelWidth = (plotWidth - (columns - 1) * GAP) / columns;
  const panelHeight = Math.min(520, panelWidth / aspect);
  const plotHeight = rows * panelHeight + (rows - 1) * GAP;
  const domains = Array.from({ length: count }, (_, n): Domain => {
    const left = stacked ? 0 : n * (panelWidth + GAP);
    const top = stacked ? n * (panelHeight + GAP) : 0;
    return {
      x: [left / plotWidth, (left + panelWidth) / plotWidth],
      y: [1 - (top + panelHeight) / plotHeight, 1 - top / plotHeight],
    };
  });
  const height = Math.round(plotHeight + margin.t + margin.b);
  return { width, height, domains, plotHeight };
}

/** The scene of one panel: a plane mesh from above to scale, a surface in perspective. */
export function scene(mesh: PlotMesh, place: Arrangement, panel: number, margin: Margin): unknown {
  const domain = place.domains[panel]!;
  if (mesh.dimension === 3) {
    const camera = { eye: { x: 1.4, y: -1.6, z: 1.1 } };
    return { domain, aspectmode: "data", dragmode: "turntable", camera };
  }
  const pixels = {
    width: (domain.x[1] - domain.x[0]) * (place.width - margin.l - margin.r),
    height: (domain.y[1] - domain.y[0]) * place.plotHeight,
  };
  const [width, height] = mesh.box.map(([low, high]) => high - low) as [number, number];
  // Without perspective a scene shows 2 units from bottom to top, whatever the camera's distance.
  const unit = 0.985 * Math.min(2 / height, 2 * pixels.width / pixels.height / width);
  const hidden = { visible: false, showspikes: false };
  return {
    domain,
    dragmode: "pan",
    aspectmode: "manual",
    aspectratio: { x: width * unit, y: height * unit, z: 0.01 },
    camera: {
      projection: { type: "orthographic" },
      center: { x: 0, y: 0, z: 0 },
      eye: { x: 0, y: 0, z: 2 },
      up: { x: 0, y: 1, z: 0 },
    },
    xaxis: { ...hidden, range: mesh.box[0] },
    yaxis: { ...hidden, range: mesh.box[1] },
    zaxis: { ...hidden, range: [-1, 1] },
  };
}

/** The key of a figure's n-th scene. */
export function sceneName(n: number): string {
  return n === 0 ? "scene" : `scene${n + 1}`;
}

/** A panel's heading, above its left corner. */
export function heading(domain: Domain, text: string): Annotation {
  return {
    text,
    x: domain.x[0],
    y: domain.y[1],
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "bottom",
    showarrow: false,
    yshift: 2,
  };
}

/** What a figure has to say about itself, below its left corner by so many pixels. */
export function notes(texts: readonly string[], below = 4): Pick<Layout, "annotations"> {
  if (texts.length === 0) return {};
  return {
    annotations: [{
      text: texts.join("; "),
      x: 0,
      y: 0,
      xref: "paper",
      yref: "paper",
      xanchor: "left",
      yanchor: "top",
      showarrow: false,
      font: { size: 12, color: "#6b7280" },
      yshift: -below,
    }],
  };
}

/** The layout that all figures have in common. */
export function baseLayout(
  title: string | undefined,
  { width, height }: { readonly width: number; readonly height: number },
  margin: Margin,
): Layout {
  for (const [name, pixels] of Object.entries({ width, height })) {
    if (pixels > 0 && pixels < 1e5) continue;
    throw new RangeError(
      `Cannot draw a figure as its ${name} is a number of pixels up to 100,000: got ${pixels}`,
    );
  }
  return {
    width,
    height,
    ...(title === undefined ? {} : {
      title: { text: title, x: 0, xref: "paper", xanchor: "left", font: { size: 17 } },
    }),
    margin: { ...margin },
    font: FONT,
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
  };
}

/** How figures behave in a page: no badge, and the wheel scrolls the page. */
export const CONFIG: Readonly<Record<string, unknown>> = { displaylogo: false, scrollZoom: false };

/** The same for plane meshes: no buttons that would make them tumble. */
export const PLANE_CONFIG: Readonly<Record<string, unknown>> = {
  ...CONFIG,
  modeBarButtonsToRemove: [
    "orbitRotation",
    "tableRotation",
    "resetCameraLastSave3d",
    "hoverClosest3d",
  ],
};

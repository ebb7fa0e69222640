/** A figure of each kind, of data that is made on the spot or comes with the package. @module */
import {
  cylinderFlowMini,
  karateClub,
  readMesh,
  sampleUrl,
  simulateBodies,
} from "../../datasets/mod.ts";
import {
  attentionFigure,
  confusionFigure,
  degreeFigure,
  type Figure,
  graphFigure,
  lossFigure,
  meshFigure,
  particlesFigure,
  phaseFigure,
  rolloutFigure,
} from "../../lib/plot/mod.ts";

const STEPS = Array.from({ length: 200 }, (_, n) => n);

/** A number from 0 to 1 that looks drawn by chance, the same each time. */
const chance = (n: number): number => (Math.sin(12.9898 * n + 1) * 43758.5453) % 1 / 2 + 0.5;

function graphs(): Record<string, Figure> {
  const { numMembers, senders, receivers, clubs } = karateClub();
  const club = { senders, receivers, nNode: [numMembers] };
  const ring = { senders: [0, 1, 2, 3, 3], receivers: [1, 2, 3, 0, 3], nNode: [4] };
  return {
    graph: graphFigure(club, { nodeColor: Array.from(clubs), name: "side", title: "graphFigure" }),
    graph_of_values: graphFigure(ring, {
      ...{ nodeColor: [1, 2, NaN, 4], nodeSize: [1, 2, 3, 4], name: "heat" },
      ...{ edgeColor: [1, 2, 3, 4, 5], edgeWidth: [1, 2, 3, 4, 5], edgeName: "flow" },
      title: "graphFigure with values, one missing",
    }),
    graph_in_space: graphFigure(club, { dimension: 3, title: "graphFigure in space" }),
    degree: degreeFigure(club, { title: "degreeFigure" }),
    attention: attentionFigure(ring, [[1, 0.5], [1, 0.2], [0.4, 1], [1, 0.7], [0.6, 0]], {
      title: "attentionFigure",
    }),
  };
}

async function meshes(): Promise<Record<string, Figure>> {
  const { valid } = await cylinderFlowMini();
  const [flow] = await Array.fromAsync(valid) as Record<
    string,
    { shape: number[]; data: Float32Array }
  >[];
  const { cells, mesh_pos, velocity } = flow!;
  const mesh = { points: mesh_pos!, triangles: cells! };
  const [, nodes] = velocity!.shape as [number, number];
  const at = (from: number, to: number) => ({
    shape: [to - from, nodes, 2],
    data: velocity!.data.slice(from * nodes * 2, to * nodes * 2),
  });
  const ant = await readMesh(sampleUrl("meshes", "ant.ply"));
  const surface = { points: ant.points, triangles: ant.cells[0]! };
  const heights = Array.from(
    { length: ant.points.shape[0]! },
    (_, n) => ant.points.data[3 * n + 2]!,
  );
  return {
    mesh: meshFigure(mesh, { title: "meshFigure" }),
    mesh_field: meshFigure(mesh, {
      field: { shape: [nodes, 2], data: at(60, 61).data },
      name: "speed (m/s)",
      title: "meshFigure with a field",
    }),
    mesh_marks: meshFigure(mesh, {
      vectors: { shape: [nodes, 2], data: at(60, 61).data },
      nodeTypes: flow!.node_type!,
      nodeTypeNames: { 4: "inflow", 5: "outflow", 6: "wall" },
      wireframe: "boundary",
      title: "meshFigure with vectors and node types",
    }),
    mesh_in_space: meshFigure(surface, { field: heights, name: "z", title: "meshFigure in space" }),
    rollout: rolloutFigure(mesh, { truth: at(50, 60), prediction: at(51, 61) }, {
      name: "speed (m/s)",
      title: "rolloutFigure",
    }),
  };
}

function curves(): Record<string, Figure> {
  const fall = STEPS.map((n) => Math.exp(-n / 40) * (0.6 + 0.8 * chance(n)));
  const bodies = simulateBodies({ dt: 0.1, numFrames: 101, seed: 1 });
  const labels = ["cat", "dog", "bird"];
  const truth = STEPS.map((n) => n % 3);
  const predicted = truth.map((k, n) => chance(n) < 0.7 ? k : Math.floor(3 * chance(n + 500)));
  return {
    particles: particlesFigure(bodies.position, { dt: 0.1, title: "particlesFigure" }),
    particles_in_space: particlesFigure(
      STEPS.map((n) => [Math.cos(n / 10), Math.sin(n / 10), n / 100]),
      { color: STEPS, name: "step", title: "particlesFigure in space" },
    ),
    loss: lossFigure({ train: fall, valid: { steps: [50, 100, 200], values: [0.5, 0.2, 0.05] } }, {
      smoothing: 0.8,
      title: "lossFigure",
    }),
    confusion: confusionFigure({ truth, predicted }, { labels }),
    phase: phaseFigure(bodies, { title: "phaseFigure" }),
  };
}

/** All figures by name. */
export async function allFigures(): Promise<Record<string, Figure>> {
  return { ...graphs(), ...await meshes(), ...curves() };
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  openMeshGraphNets,
  readMesh,
  readNpz,
  rolloutMeshes,
  type RolloutToWrite,
  writeMeshGraphNets,
  writeNpz,
  writeVtkSeries,
} from "../../datasets/mod.ts";
import {
  adam,
  jit,
  plateSimulator,
  type PlateTrajectory,
  plateTrajectory,
  random,
} from "../../mod.ts";
import { particlesFigure, writeHtml } from "../../lib/plot/mod.ts";
import { useEngine } from "../support/engines.ts";
import { withFolder } from "../support/folder.ts";
import { plate } from "../lib/physics/simulator_golden.ts";

/** The golden plate's record in typed arrays, as files have it. */
const record = Object.fromEntries(
  Object.entries(plate.record).map(([name, { shape, data }]) => [name, {
    shape: [...shape],
    data: ["cells", "node_type"].includes(name) ? Int32Array.from(data) : Float32Array.from(data),
  }]),
);

Deno.test("a plate goes from a data set's file through a rollout to VTK, npz and a page", () =>
  withFolder(async (folder) => {
    await useEngine("cpu");
    const metadata = { dt: 0, simulator: "comsol", collision_radius: plate.radius };
    await writeMeshGraphNets(`${folder}/plates`, "train", [record], { metadata });
    const [read] = await Array.fromAsync(await openMeshGraphNets(`${folder}/plates`, "train"));
    const simulator = plateSimulator({
      optimizer: adam(0),
      radius: plate.radius,
      network: { latentSize: 4, hiddenLayers: 1, steps: 1 },
    });
    const trajectory = plateTrajectory(read!, simulator.worldEdges);
    const weights = simulator.weights(simulator.init(random.key(0)));
    const roll = jit((plate: PlateTrajectory) => simulator.rollout(weights, plate, 3));
    const rolled = roll(trajectory);
    const [position, stress] = [rolled.worldPosition, rolled.stress].map((x) => ({
      shape: [...x.shape],
      data: x.dataSync<"float32">(),
    }));

    const meshes = rolloutMeshes({
      position: position!,
      cells: read!.cells as RolloutToWrite["cells"] & object,
      fields: { stress: stress! },
    });
    const paths = await writeVtkSeries(`${folder}/plate`, meshes, { dt: 0.5 });
    assertEquals(paths.length, 3);
    const last = await readMesh(paths[2]!);
    assertEquals([...last.points.data], [...position!.data.subarray(2 * 27)]);
    assertEquals(last.cells.map(({ type, shape }) => [type, shape]), [["tetra", [3, 4]]]);
    assertEquals([...last.pointData.stress!.data], [...stress!.data.subarray(2 * 9)]);

    await writeNpz(`${folder}/plate.npz`, { position: position!, stress: stress! });
    assertEquals(await readNpz(`${folder}/plate.npz`), { position: position!, stress: stress! });

    const page = `${folder}/plate.html`;
    await writeHtml(page, particlesFigure(position!, { dt: 0.5 }), { plotly: "cdn" });
    assert((await Deno.readTextFile(page)).includes("frames"));
  }));

Deno.test("rolloutMeshes() repeats a mesh that stays, and needs no cells for particles", () => {
  const position = { shape: [2, 2], data: [0, 0, 1, 0] };
  const velocity = { shape: [3, 2, 2], data: Array.from({ length: 12 }, (_, i) => i) };
  const frames = [...rolloutMeshes({ position, fields: { velocity } })];
  assertEquals(frames.map(({ points }) => [...points.data]), new Array(3).fill([0, 0, 1, 0]));
  assertEquals(frames[2]!.pointData!.velocity, {
    shape: [2, 2],
    data: Float32Array.of(8, 9, 10, 11),
  });
  assertEquals(frames[0]!.cells, []);
  const quads = { shape: [1, 1, 4], data: [0, 1, 1, 0] };
  const [first] = rolloutMeshes({ position, cells: quads });
  assertEquals(first!.cells[0]!.type, "quad");
});

Deno.test("rolloutMeshes() says which shapes do not fit", () => {
  const position = { shape: [2, 1, 2], data: [0, 0, 1, 0] };
  const heat = { shape: [3, 1], data: [1, 2, 3] };
  const cases: [RolloutToWrite, string][] = [
    [
      { position: { shape: [4], data: position.data } },
      "positions are an array [T, N, D]: got [4]",
    ],
    [{ position: { shape: [3, 1, 2], data: position.data } }, "got [3, 1, 2], 4 numbers"],
    [{ position, fields: { heat } }, "they are of 2, heat of 3"],
    [
      { position, fields: { heat: { shape: [2, 2], data: [1, 2, 3, 4] } } },
      "heat is [2, 2], expected [2, 1, ...]",
    ],
    [{ position, cells: { shape: [1, 2], data: [0, 0] } }, "or those of a mesh: got [1, 2]"],
  ];
  for (const [rollout, message] of cases) {
    assertThrows(() => [...rolloutMeshes(rollout)], TypeError, message);
  }
});

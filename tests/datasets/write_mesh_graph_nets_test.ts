import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { DataArray } from "../../datasets/array.ts";
import { DataFormatError } from "../../datasets/formats/data_format_error.ts";
import { type MeshTrajectory, openMeshGraphNets } from "../../datasets/mesh_graph_nets.ts";
import { cylinderFlowMini } from "../../datasets/samples/mod.ts";
import { writeMeshGraphNets } from "../../datasets/write_mesh_graph_nets.ts";
import { withFolder } from "../support/folder.ts";
import { collect, goldenUrl } from "./support.ts";

/** A trajectory of some nodes and two frames; its last field has other rows each frame. */
function trajectory(nodes: number): MeshTrajectory {
  const ramp = (length: number) => Float32Array.from({ length }, (_, i) => nodes + i / 7);
  return {
    cells: { shape: [1, 1, 3], data: new Int32Array([0, 1, nodes]) },
    velocity: { shape: [2, nodes, 2], data: ramp(4 * nodes) },
    world_pos: [
      { shape: [nodes, 3], data: ramp(3 * nodes) },
      { shape: [0, 3], data: ramp(0) },
    ],
  };
}

const TWO = [trajectory(3), trajectory(5)];

Deno.test("writeMeshGraphNets() infers meta.json, and the set is read back unchanged", () =>
  withFolder(async (folder) => {
    const metadata = { dt: 0.1, simulator: "test", note: "mine" };
    assertEquals(await writeMeshGraphNets(folder, "train", TWO, { metadata }), 2);
    const data = await openMeshGraphNets(folder, "train");
    assertEquals(await collect(data), TWO);
    assertEquals(data.metadata as unknown, {
      features: {
        cells: { type: "static", shape: [1, -1, 3], dtype: "int32" },
        velocity: { type: "dynamic", shape: [2, -1, 2], dtype: "float32" },
        world_pos: { type: "dynamic_varlen", shape: [-1, 3], dtype: "float32" },
      },
      field_names: ["cells", "velocity", "world_pos", "length_world_pos"],
      trajectory_length: 2,
      dt: 0.1,
      simulator: "test",
      note: "mine",
    });
  }));

Deno.test("writeMeshGraphNets() copies a data set, metadata and all", () =>
  withFolder(async (folder) => {
    const { valid } = await cylinderFlowMini();
    const { metadata } = valid;
    const url = new URL(`file://${folder}/copy`);
    await writeMeshGraphNets(url, "valid", valid, { metadata });
    const copy = await openMeshGraphNets(url, "valid");
    assertEquals(copy.metadata, metadata);
    assertEquals(await collect(copy), await collect(valid));
  }));

Deno.test("writeMeshGraphNets() copies a data set of varying meshes", () =>
  withFolder(async (folder) => {
    const data = await openMeshGraphNets(goldenUrl("varlen"), "train");
    await writeMeshGraphNets(folder, "test", data, { metadata: data.metadata });
    assertEquals(await collect(await openMeshGraphNets(folder, "test")), await collect(data));
  }));

Deno.test("writeMeshGraphNets() adds splits that share their fields", () =>
  withFolder(async (folder) => {
    await writeMeshGraphNets(folder, "train", TWO, { metadata: { dt: 0.1 } });
    await writeMeshGraphNets(folder, "valid", [trajectory(4)]);
    const valid = await openMeshGraphNets(folder, "valid");
    assertEquals(valid.splits, ["train", "valid"]);
    assertEquals(valid.metadata.dt, 0.1);
    assertEquals(await collect(valid), [trajectory(4)]);
    assertEquals(await collect(await openMeshGraphNets(folder, "train")), TWO);
  }));

Deno.test("writeMeshGraphNets() refuses a split with other fields and harms none", () =>
  withFolder(async (folder) => {
    await writeMeshGraphNets(folder, "train", TWO);
    const { cells } = trajectory(3);
    const other = { cells: cells! };
    const add = () => writeMeshGraphNets(folder, "valid", [other]);
    await assertRejects(add, TypeError, `trajectory 0 as MeshGraphNets: field "velocity"`);
    const metadata = {
      features: { cells: { type: "static", shape: [1, -1, 3], dtype: "int32" } },
      field_names: ["cells"],
    } as const;
    const change = () => writeMeshGraphNets(folder, "valid", [other], { metadata });
    await assertRejects(change, TypeError, "as the splits of a data set share their fields");
    const train = await openMeshGraphNets(folder, "train");
    assertEquals(train.splits, ["train"]);
    assertEquals(await collect(train), TWO);
  }));

Deno.test("writeMeshGraphNets() replaces a set of one split, whatever its fields were", () =>
  withFolder(async (folder) => {
    await writeMeshGraphNets(folder, "train", TWO);
    const { cells } = trajectory(3);
    await writeMeshGraphNets(folder, "train", [{ cells: cells! }]);
    assertEquals(await collect(await openMeshGraphNets(folder, "train")), [{ cells: cells! }]);
  }));

Deno.test("writeMeshGraphNets() refuses a trajectory that is unlike the first", async () => {
  const { cells, velocity, world_pos } = trajectory(3);
  const { data } = velocity as DataArray;
  const cases: [MeshTrajectory, string][] = [
    [{ cells: cells!, velocity: velocity! }, 'field "world_pos": expected an array, got none'],
    [
      { ...TWO[0], extra: cells! },
      'field "extra": expected one of cells, velocity, world_pos, got',
    ],
    [
      { ...TWO[0], velocity: { shape: [3, 2, 2], data } },
      'field "velocity": expected float32 [2, -1, 2], got float32 [3, 2, 2]',
    ],
    [{ ...TWO[0], velocity: { shape: [2, 6], data } }, "got float32 [2, 6]"],
    [
      { ...TWO[0], velocity: { shape: [2, 3, 2], data: new Float64Array(12) } },
      "expected float32 [2, -1, 2], got float64 [2, 3, 2]",
    ],
    [
      { ...TWO[0], velocity: { shape: [2, 4, 2], data } },
      'field "velocity": expected 16 values for [2, 4, 2], got 12 values',
    ],
    [{ ...TWO[0], velocity: world_pos! }, "got a list of arrays"],
  ];
  for (const [bad, text] of cases) {
    await withFolder(async (folder) => {
      const write = () => writeMeshGraphNets(folder, "train", [trajectory(3), bad]);
      const { message } = await assertRejects(write, TypeError, text);
      assertStringIncludes(message, "Cannot write trajectory 1 as MeshGraphNets: ");
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
    });
  }
});

Deno.test("writeMeshGraphNets() refuses a first trajectory whose layout says nothing", () =>
  withFolder(async (folder) => {
    const data = new Float32Array(4);
    const write = (field: DataArray | DataArray[]) => () =>
      writeMeshGraphNets(folder, "train", [{ field }]);
    await assertRejects(write([]), TypeError, 'field "field": expected at least one frame');
    await assertRejects(
      write({ shape: [2, 2], data }),
      TypeError,
      "expected [1, N, d] or [T, N, d]",
    );
    const uneven = { ...trajectory(3), slow: { shape: [4, 1, 1], data } };
    const error = await assertRejects(
      () => writeMeshGraphNets(folder, "train", [uneven]),
      DataFormatError,
    );
    assertStringIncludes(error.message, 'meta.json as MeshGraphNets metadata: field "velocity"');
    assertStringIncludes(error.message, "as trajectory_length is 4, got [2,-1,2]");
  }));

Deno.test("writeMeshGraphNets() writes an empty split only where the fields are known", () =>
  withFolder(async (folder) => {
    const write = () => writeMeshGraphNets(folder, "train", []);
    await assertRejects(write, RangeError, "expected at least one trajectory");
    await writeMeshGraphNets(folder, "train", TWO);
    assertEquals(await writeMeshGraphNets(folder, "valid", []), 0);
    assertEquals(await collect(await openMeshGraphNets(folder, "valid")), []);
  }));

Deno.test("writeMeshGraphNets() leaves the old set whole when the trajectories fail to come", () =>
  withFolder(async (folder) => {
    await writeMeshGraphNets(folder, "train", TWO);
    function* failing() {
      yield trajectory(9);
      throw new RangeError("the simulation blew up");
    }
    await assertRejects(
      () => writeMeshGraphNets(folder, "train", failing()),
      RangeError,
      "blew up",
    );
    assertEquals(await collect(await openMeshGraphNets(folder, "train")), TWO);
  }));

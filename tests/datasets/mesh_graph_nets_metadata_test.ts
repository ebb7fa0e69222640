import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError } from "../../datasets/formats/data_format_error.ts";
import { parseMeshGraphNetsMetadata } from "../../datasets/mesh_graph_nets_metadata.ts";

const GOOD = {
  simulator: "comsol",
  dt: 0.01,
  collision_radius: null,
  features: {
    cells: { type: "static", shape: [1, -1, 3], dtype: "int32" },
    velocity: { type: "dynamic", shape: [600, -1, 2], dtype: "float32" },
    world_pos: { type: "dynamic_varlen", shape: [-1, 3], dtype: "float32" },
  },
  field_names: ["cells", "velocity", "world_pos", "length_world_pos"],
  trajectory_length: 600,
  extra: [1],
};

function parse(metadata: unknown) {
  return parseMeshGraphNetsMetadata(JSON.stringify(metadata), "set/meta.json");
}

/** The good metadata with one field changed. */
function withField(field: keyof typeof GOOD.features, change: object): unknown {
  const features = { ...GOOD.features, [field]: { ...GOOD.features[field], ...change } };
  return { ...GOOD, features };
}

function assertRefused(metadata: unknown, text: string): void {
  const error = assertThrows(() => parse(metadata), DataFormatError, text);
  assertEquals(error.file, "set/meta.json");
  assertEquals(
    error.message.startsWith("Cannot read set/meta.json as MeshGraphNets metadata: "),
    true,
  );
  assertEquals(/ \(.+\)$/.test(error.message), true, "a remedy in brackets");
}

Deno.test("parseMeshGraphNetsMetadata() gives the file's own names and keeps unknown ones", () => {
  assertEquals(parse(GOOD) as unknown, GOOD);
});

Deno.test("parseMeshGraphNetsMetadata() takes a length field listed among the features", () => {
  const features = {
    ...GOOD.features,
    length_world_pos: { type: "dynamic", shape: [-1], dtype: "int32" },
  };
  assertEquals(parse({ ...GOOD, features }) as unknown, { ...GOOD, features });
});

Deno.test("parseMeshGraphNetsMetadata() takes meshes of fixed size and data without a time step", () => {
  const fixed = withField("cells", { shape: [1, 40, 3] });
  assertEquals(parse(fixed) as unknown, fixed);
  assertEquals(parse({ ...GOOD, dt: undefined }).dt, undefined);
  assertEquals(parse({ ...GOOD, dt: null }).dt as unknown, null);
});

Deno.test("parseMeshGraphNetsMetadata() refuses what is no JSON object", () => {
  const read = () => parseMeshGraphNetsMetadata('{"dt": 0.01, "featur', "set/meta.json");
  assertThrows(
    read,
    DataFormatError,
    "Cannot read set/meta.json as MeshGraphNets metadata: expected JSON",
  );
  assertRefused([GOOD], "expected an object, got [");
  assertRefused(null, "expected an object, got null");
});

Deno.test("parseMeshGraphNetsMetadata() refuses a name that is missing in features", () => {
  const { message } = assertThrows(
    () => parse({ ...GOOD, field_names: [...GOOD.field_names, "pressure"] }),
    DataFormatError,
  );
  assertEquals(
    message,
    'Cannot read set/meta.json as MeshGraphNets metadata: field_names has "pressure", which is ' +
      "missing in features: expected one of cells, velocity, world_pos, got " +
      '"pressure" at byte 331 (give "pressure" a type, shape and dtype in features, or take it out of field_names)',
  );
  assertRefused({ ...GOOD, field_names: [...GOOD.field_names, "length_cells"] }, '"length_cells"');
});

Deno.test("parseMeshGraphNetsMetadata() refuses a feature that field_names does not list", () => {
  assertRefused(
    { ...GOOD, field_names: ["cells", "world_pos", "length_world_pos"] },
    'features has "velocity" of type dynamic, so expected "velocity" in field_names, got cells, world',
  );
  assertRefused(
    { ...GOOD, field_names: ["cells", "velocity", "world_pos"] },
    'expected "length_world_pos" in field_names',
  );
});

Deno.test("parseMeshGraphNetsMetadata() refuses missing and wrong entries", () => {
  assertRefused({ ...GOOD, features: undefined }, 'expected an object "features", got nothing');
  assertRefused({ ...GOOD, features: [1] }, 'expected an object "features", got [1]');
  assertRefused({ ...GOOD, field_names: undefined }, '"field_names", got nothing');
  assertRefused({ ...GOOD, field_names: ["cells", 3] }, '"field_names", got ["cells",3]');
  assertRefused({ ...GOOD, dt: "fast" }, 'expected "dt", a number of seconds, got "fast"');
  for (const length of [undefined, 0, -600, 1.5, "600"]) {
    assertRefused({ ...GOOD, trajectory_length: length }, 'expected "trajectory_length"');
  }
});

Deno.test("parseMeshGraphNetsMetadata() refuses a wrong type or dtype", () => {
  assertRefused(
    withField("velocity", { type: "steady" }),
    'field "velocity" has an invalid type: expected one of static, dynamic, dynamic_varlen, got "steady"',
  );
  assertRefused({ ...GOOD, features: { cells: null } }, 'field "cells" has an invalid type');
  assertRefused(
    withField("velocity", { dtype: "float" }),
    'field "velocity" has an invalid dtype: expected one of float32, float64,',
  );
  assertRefused(withField("velocity", { dtype: "constructor" }), 'got "constructor"');
});

Deno.test("parseMeshGraphNetsMetadata() refuses a wrong shape, or -1 in the wrong place", () => {
  const cases: [keyof typeof GOOD.features, unknown, string][] = [
    ["cells", [1, -1, -1], "type static has an invalid shape: expected [1, -1, d], got [1,-1,-1]"],
    ["cells", [-1, 40, 3], "expected [1, -1, d], got [-1,40,3]"],
    ["cells", [2, -1, 3], "expected [1, -1, d], got [2,-1,3]"],
    ["cells", [1, -1], "expected [1, -1, d]"],
    ["cells", [1, -1, 0], "expected [1, -1, d]"],
    ["cells", [1, -1, 1.5], "expected [1, -1, d]"],
    ["cells", [1, -2, 3], "expected [1, -1, d]"],
    ["cells", "[1, -1, 3]", "expected [1, -1, d]"],
    ["cells", undefined, "got nothing"],
    ["velocity", [599, -1, 2], "[600, -1, d], as trajectory_length is 600, got [599,-1,2]"],
    ["velocity", [-1, 100, 2], "[600, -1, d]"],
    ["velocity", [600], "[600, -1, d]"],
    [
      "world_pos",
      [600, -1, 3],
      "type dynamic_varlen has an invalid shape: expected [-1, d], got [600",
    ],
    ["world_pos", [], "expected [-1, d], got []"],
  ];
  for (const [field, shape, text] of cases) assertRefused(withField(field, { shape }), text);
});

import { assertEquals, assertThrows } from "@std/assert";
import { table } from "../../../lib/plot/mod.ts";
import { toFrameTable, toTable } from "../../../lib/tables/mod.ts";

Deno.test("toTable() makes columns of rows, and null of what they lack", () => {
  const found = toTable([{ step: 1, loss: 0.5 }, { step: 2, note: "late" }]);
  assertEquals(found.columnNames(), ["step", "loss", "note"]);
  assertEquals(found.objects(), [
    { step: 1, loss: 0.5, note: null },
    { step: 2, loss: null, note: "late" },
  ]);
  assertEquals(found.column("step") instanceof Float64Array, true);
  assertEquals(toTable([]).numRows(), 0);
});

Deno.test("toTable() takes tables of the plots", () => {
  const results = table(["engine", "steps/s"], [["xla", 20.5], ["wasm", 3]]);
  assertEquals(toTable(results).objects(), [
    { engine: "xla", "steps/s": 20.5 },
    { engine: "wasm", "steps/s": 3 },
  ]);
});

Deno.test("toTable() refuses what is no list of objects", () => {
  for (const bad of [null, 3, "rows", {}, new Map()]) {
    assertThrows(() => toTable(bad as never), TypeError, "Cannot make a table of rows as they are");
  }
  for (const bad of [null, 3, [1], new Float32Array(2), new Map()]) {
    assertThrows(() => toTable([{ a: 1 }, bad as never]), TypeError, "row 1 is");
  }
});

Deno.test("toFrameTable() has a row for each node in each frame", () => {
  const found = toFrameTable({
    position: { shape: [2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
    mass: { shape: [1, 2, 1], data: [0.5, 1.5] },
    type: { shape: [2], data: Int32Array.of(3, 5) },
  });
  assertEquals(found.objects(), [
    { frame: 0, node: 0, "position[0]": 1, "position[1]": 2, mass: 0.5, type: 3 },
    { frame: 0, node: 1, "position[0]": 3, "position[1]": 4, mass: 1.5, type: 5 },
    { frame: 1, node: 0, "position[0]": 5, "position[1]": 6, mass: 0.5, type: 3 },
    { frame: 1, node: 1, "position[0]": 7, "position[1]": 8, mass: 1.5, type: 5 },
  ]);
  assertEquals(found.column("type") instanceof Int32Array, true);
});

Deno.test("toFrameTable() refuses fields of other frames and nodes", () => {
  const frames = { shape: [2, 1, 1], data: [1, 2] };
  const cases: [string, unknown][] = [
    ["one field at least has three axes, [T, N, C]: got none", {}],
    ["one field at least has three axes, [T, N, C]: got a [2]", {
      a: { shape: [2], data: [1, 2] },
    }],
    ["fields are arrays: a is number 3", { a: 3 }],
    ["fields are [2, 1, C], [1, 1, C] or [1]: b is [3]", {
      a: frames,
      b: { shape: [3], data: [1, 2, 3] },
    }],
    ["b is [2, 1]", { a: frames, b: { shape: [2, 1], data: [1, 2] } }],
    ["got none", null],
  ];
  for (const [text, fields] of cases) {
    assertThrows(() => toFrameTable(fields as never), TypeError, text);
  }
});

/**
 * The cells of legacy VTK files: their corners in both layouts, and what their types become.
 * @module
 */
import type { CellType } from "../../lib/spatial/mod.ts";
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { CellList } from "./mesh.ts";
import { type NumberArray, SCALARS } from "./scalar_type.ts";
import type { VtkValues } from "./vtk_arrays.ts";

/**
 * Corners of n cells: those of cell i are `corners[offsets[i]]` up to `corners[offsets[i + 1]]`.
 */
export interface VtkCells {
  /** `[n + 1]`. */
  readonly offsets: NumberArray;
  readonly corners: NumberArray;
  /** The byte of the section, for errors. */
  readonly at: number;
}

/** Cells that are what they are here. */
const SAME: Readonly<Record<number, CellType>> = {
  3: "line",
  5: "triangle",
  9: "quad",
  10: "tetra",
  12: "hexahedron",
};

/** Cells with corners in another order: pixels and voxels run along their axes. */
const PIXEL = [0, 1, 3, 2];
const VOXEL = [0, 1, 3, 2, 4, 5, 7, 6];

/** Reads the rest of a section of cells: `CELLS`, `LINES`, `POLYGONS` and the like. */
export function readVtkCells(values: VtkValues): VtkCells {
  const { cursor } = values;
  const at = cursor.position;
  const [first, second] = [cursor.count("a number of cells"), cursor.count("a number of corners")];
  // From version 5.1 on the numbers are those of two arrays.
  const start = cursor.position;
  cursor.skipLine();
  const hasArrays = /^\s*OFFSETS\b/i.test(
    String.fromCharCode(...cursor.bytes.subarray(cursor.position, cursor.position + 40)),
  );
  if (hasArrays) return readArrays(values, first, second, at);
  cursor.position = start;
  const list = values.values(SCALARS.int32, second, "corners of cells") as Int32Array;
  return splitList(values, list, first, at);
}

function readArrays(
  values: VtkValues,
  numOffsets: number,
  numCorners: number,
  at: number,
): VtkCells {
  const { cursor } = values;
  cursor.word();
  const offsets = values.values(values.type(), numOffsets, "offsets of cells");
  cursor.skipSpace();
  const start = cursor.position;
  if (cursor.word().toUpperCase() !== "CONNECTIVITY") cursor.fail("CONNECTIVITY", start);
  const corners = values.values(values.type(), numCorners, "corners of cells");
  if (numOffsets === 0) return { offsets: Int32Array.of(0), corners, at };
  for (let i = 0; i < numOffsets; i++) {
    const [before, now] = [i === 0 ? 0 : offsets[i - 1]!, offsets[i]!];
    const isEnd = i === numOffsets - 1;
    const isRight = Number.isInteger(now) && now >= before && now <= numCorners &&
      (i > 0 || now === 0) && (!isEnd || now === numCorners);
    if (!isRight) {
      cursor.fail(`offsets that rise from 0 to ${numCorners}`, at, `${now} as offset ${i}`);
    }
  }
  return { offsets, corners, at };
}

/** The older layout: each cell's number of corners, then the corners. */
function splitList(values: VtkValues, list: Int32Array, count: number, at: number): VtkCells {
  if (count > list.length) {
    values.cursor.fail(`at most ${list.length} cells in a list of ${list.length}`, at, `${count}`);
  }
  const offsets = new Int32Array(count + 1);
  const corners = new Int32Array(list.length - count);
  let from = 0;
  for (let cell = 0; cell < count; cell++) {
    const size = list[from++] ?? -1;
    // Where there are fewer cells than was said, corners would not leave room for their numbers.
    if (size < 0 || offsets[cell]! + size > corners.length) {
      values.cursor.fail(
        `${count} cells of corners in a list of ${list.length}`,
        at,
        `${size} in cell ${cell}`,
      );
    }
    corners.set(list.subarray(from, from + size), offsets[cell]);
    offsets[cell + 1] = offsets[cell]! + size;
    from += size;
  }
  if (from !== list.length) {
    values.cursor.fail(`a list of ${from} numbers for ${count} cells`, at, `${list.length}`);
  }
  return { offsets, corners, at };
}

/** Appends cells of types (of one type, where a number is given) to a list, from a number on. */
export function addVtkCells(
  list: CellList,
  { offsets, corners, at }: VtkCells,
  types: ArrayLike<number> | number,
  numPoints: number,
  values: VtkValues,
  first = 0,
): void {
  const { cursor } = values;
  const wrong = corners.findIndex((point: number) => !(point >= 0 && point < numPoints));
  if (wrong >= 0) cursor.fail(`corners among the ${numPoints} points`, at, `${corners[wrong]}`);
  for (let cell = 0; cell < offsets.length - 1; cell++) {
    const own = corners.subarray(offsets[cell]!, offsets[cell + 1]!);
    const type = typeof types === "number" ? types : types[cell]!;
    if (!addCell(list, type, own, first + cell)) {
      cursor.fail(
        `cells of the types ${
          Object.keys(SAME).join(", ")
        } and others of points, lines and flat faces`,
        at,
        `type ${type} with ${own.length} corners in cell ${cell}`,
      );
    }
  }
}

/** Appends a cell of one of VTK's types; whether it could be. */
function addCell(list: CellList, type: number, corners: NumberArray, source: number): boolean {
  const same = SAME[type];
  if (same !== undefined) {
    if (corners.length !== CORNERS[same]) return false;
    list.add(same, corners, source);
    return true;
  }
  if (type === 7) list.addPolygon(corners, corners.length, source);
  else if (type === 4) list.addPolyline(corners, corners.length, source);
  else if (type === 6) list.addStrip(corners, corners.length, source);
  else if (type === 8 && corners.length === 4) {
    list.add(
      "quad",
      PIXEL.map((i) => corners[i]!),
      source,
    );
  } else if (type === 11 && corners.length === 8) {
    list.add("hexahedron", VOXEL.map((i) => corners[i]!), source);
  } else return type <= 2 && type >= 0;
  return true;
}

/** Trajectories as tables. @module */
import { type ColumnTable, table } from "arquero";
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../base/mod.ts";
import { describe } from "../tree/mod.ts";
import { type Columns, suffixes } from "./columns.ts";

const ACTION = "make a table of frames";

/**
 * Fields of a trajectory as an arquero table, a row for each node in each frame: `frame` and
 * `node`, then a column for each number of each field.
 *
 * @param fields Arrays of a data set's record: of T frames and N nodes `[T, N, C]`, the same in all
 * frames `[1, N, C]`, or `[N]`. One at least has three axes.
 * @returns A table of T N rows, frame by frame.
 * @throws {TypeError} If a field is no array, or of other frames or nodes than the others.
 *
 * @example How fast the fluid is in each frame
 * ```ts
 * import { cylinderFlowMini } from "@meshwork/meshwork/datasets";
 * import { toFrameTable } from "@meshwork/meshwork/tables";
 * import type { ArrayData } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import { op } from "arquero";
 *
 * const { valid } = await cylinderFlowMini();
 * for await (const { velocity, node_type } of valid) {
 *   const frames = toFrameTable({ velocity, node_type } as Record<string, ArrayData>);
 *   assertEquals(frames.columnNames().slice(2), ["velocity[0]", "velocity[1]", "node_type"]);
 *   const fastest = frames.groupby("frame").rollup({ u: op.max("velocity[0]") });
 *   assertEquals(fastest.numRows(), 100);
 * }
 * ```
 */
export function toFrameTable(fields: Readonly<Record<string, ArrayData>>): ColumnTable {
  const entries = Object.entries(fields ?? {});
  for (const [name, field] of entries) {
    if (isArrayData(field)) continue;
    throw new TypeError(`Cannot ${ACTION} as fields are arrays: ${name} is ${describe(field)}`);
  }
  const moving = entries.map(([, { shape }]) => shape).filter(({ length }) => length === 3);
  if (moving.length === 0) {
    throw new TypeError(
      `Cannot ${ACTION} as one field at least has three axes, [T, N, C]: got ${
        entries.map(([name, { shape }]) => `${name} ${formatShape(shape)}`).join(", ") || "none"
      }`,
    );
  }
  const numFrames = Math.max(...moving.map(([frames]) => frames!));
  const numNodes = moving[0]![1]!;
  const rows = numFrames * numNodes;
  const columns: Columns = {
    frame: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / numNodes)),
    node: Int32Array.from({ length: rows }, (_, row) => row % numNodes),
  };
  for (const [name, { shape, data }] of entries) {
    const [frames, nodes, ...rest] = shape.length === 1 ? [1, ...shape] : shape;
    if (nodes !== numNodes || (frames !== 1 && frames !== numFrames) || shape.length === 2) {
      throw new TypeError(
        `Cannot ${ACTION} as fields are [${numFrames}, ${numNodes}, C], [1, ${numNodes}, C] or ` +
          `[${numNodes}]: ${name} is ${formatShape(shape)}`,
      );
    }
    const width = sizeOf(rest);
    const numbers = data instanceof Int32Array ? new Int32Array(0) : new Float64Array(0);
    const Numbers = numbers.constructor as typeof Float64Array;
    suffixes(rest).forEach((suffix, i) => {
      const at = (row: number): number => data[(frames === 1 ? row % numNodes : row) * width + i]!;
      columns[name + (width === 1 ? "" : suffix)] = Numbers.from(
        { length: rows },
        (_, row) => at(row),
      );
    });
  }
  return table(columns);
}

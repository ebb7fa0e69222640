/**
 * A table with columns of all kinds, written by us for pyarrow to read:
 *
 *     deno run -A tests/golden/tables/ours.ts
 *
 * @module
 */
import { type ColumnTable, table } from "arquero";
import { encodeTable } from "../../../lib/tables/mod.ts";

/** The table. */
export function source(): ColumnTable {
  return table({
    node: Int32Array.of(0, 1, 2, -3),
    mass: Float32Array.of(1.5, NaN, Infinity, 0.1),
    energy: [0.1, null, -2.5e300, 4],
    isWall: [true, false, null, true],
    name: ["a", null, 'b, "quoted"', "Å\nend"],
  });
}

if (import.meta.main) {
  for (const format of ["parquet", "arrow", "csv"] as const) {
    const file = new URL(`ours.${format}`, import.meta.url);
    await Deno.writeFile(file, await encodeTable(source(), format));
  }
}

/** A tree of tensors as a table of sizes. @module */
import { formatShape } from "../base/mod.ts";
import { describe, type Tensor, type Tree, treeLeaves, treePaths } from "../tree/mod.ts";
import { type Table, table } from "./table.ts";

/** More leaves are summed up in one row. */
const MAX_ROWS = 200;
const BYTES: Readonly<Record<string, number>> = { bool: 1, complex64: 8 };

/**
 * Makes a table of a tree of tensors, such as parameters: dtype, shape and number of values of each
 * leaf, and the totals. Values are not read.
 *
 * @throws {TypeError} If the tree has no tensor.
 *
 * @example
 * ```ts
 * import { linear, random } from "@meshwork/meshwork";
 * import { paramsTable } from "@meshwork/meshwork/plot";
 * import { assertEquals } from "@std/assert";
 *
 * const params = { encoder: linear({ size: 4 }).init(random.key(0), 3) };
 * assertEquals(paramsTable(params).rows.at(-1), ["total: 2 tensors", "", "", 16, "64 B"]);
 * ```
 */
export function paramsTable(params: Tree): Table {
  const [leaves, paths] = [treeLeaves(params), treePaths(params)];
  if (leaves.length === 0) {
    throw new TypeError(
      `Cannot make a table of parameters as it lists tensors: got ${describe(params)}`,
    );
  }
  const row = (name: string, of: readonly Tensor[], dtype: string, shape: string) => {
    const bytes = of.reduce((sum, t) => sum + t.size * (BYTES[t.dtype] ?? 4), 0);
    return [name, dtype, shape, of.reduce((sum, t) => sum + t.size, 0), formatBytes(bytes)];
  };
  const shown = leaves.slice(0, MAX_ROWS);
  const rest = leaves.slice(MAX_ROWS);
  return table(["parameter", "dtype", "shape", "values", "memory"], [
    ...shown.map((leaf, n) => row(paths[n] || "-", [leaf], leaf.dtype, formatShape(leaf.shape))),
    ...(rest.length > 0 ? [row(`${rest.length} more`, rest, "", "")] : []),
    row(`total: ${leaves.length} tensors`, leaves, "", ""),
  ]);
}

function formatBytes(bytes: number): string {
  const step = bytes >= 1e9 ? 3 : bytes >= 1e6 ? 2 : bytes >= 1e3 ? 1 : 0;
  const value = bytes / 1000 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${["B", "kB", "MB", "GB"][step]}`;
}

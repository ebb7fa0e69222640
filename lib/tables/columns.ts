/** Columns of a table from the leaves of features, and their values. @module */
import { type ColumnTable, table } from "arquero";
import { sizeOf } from "../base/mod.ts";
import { isTracer, TracerError } from "../engine/mod.ts";
import { describe, type Tensor, type Tree, treeLeaves, treePaths } from "../tree/mod.ts";

/** How features become columns. */
export interface TableOptions {
  /**
   * The form of vectors: `"columns"` (the default), one a number, `velocity[0]`, `velocity[1]`,
   * which can be filtered and plotted; or `"arrays"`, one column with an array in each row.
   */
  readonly vectors?: "columns" | "arrays" | null;
}

/** Columns by name, each with a value a row. */
export type Columns = Record<string, ArrayLike<unknown>>;

/** The values of a leaf; those of a bool are booleans. */
function valuesOf(leaf: Tensor): ArrayLike<number | boolean> {
  const values = leaf.dataSync();
  return leaf.dtype === "bool" ? Array.from(values, Boolean) : values;
}

/** `[0, 1]` for the second of `[2, 3]` columns: all indices below a shape, as text, in order. */
export function suffixes(shape: readonly number[]): string[] {
  return shape.reduce<string[]>(
    (all, size) => all.flatMap((text) => Array.from({ length: size }, (_, i) => `${text}[${i}]`)),
    [""],
  );
}

/** Cuts a row's values into nested arrays. */
function nest(values: readonly unknown[], shape: readonly number[]): unknown {
  if (shape.length <= 1) return values;
  const step = values.length / shape[0]!;
  return Array.from(
    { length: shape[0]! },
    (_, i) => nest(values.slice(i * step, (i + 1) * step), shape.slice(1)),
  );
}

function addLeaf(columns: Columns, name: string, leaf: Tensor, asArrays: boolean): void {
  const [rows, ...shape] = leaf.shape as [number, ...number[]];
  const values = valuesOf(leaf);
  const width = sizeOf(shape);
  // A column of its own, as arrays of one number would only be in the way.
  if (width === 1) {
    columns[name] = values;
  } else if (asArrays) {
    columns[name] = Array.from(
      { length: rows },
      (_, row) => nest(Array.prototype.slice.call(values, row * width, (row + 1) * width), shape),
    );
  } else {
    suffixes(shape).forEach((suffix, i) => {
      const column = Array.from({ length: rows }, (_, row) => values[row * width + i]!);
      columns[name + suffix] = leaf.dtype === "int32"
        ? Int32Array.from(column as number[])
        : column;
    });
  }
}

/**
 * Adds features to columns, each named by its path; by `field` and its path where that name is
 * taken.
 *
 * @param columns The columns that there are.
 * @param features A tree of `[rows, ...]`.
 * @param field The name of the features: that of a single tensor's column.
 */
export function addFeatures(
  columns: Columns,
  features: Tree,
  field: string,
  options: TableOptions | null | undefined,
): Columns {
  const all = { ...columns };
  const [leaves, paths] = [treeLeaves(features), treePaths(features)];
  const vectors = options?.vectors ?? "columns";
  if (vectors !== "columns" && vectors !== "arrays") {
    throw new RangeError(
      `Cannot make a table as vectors become "columns" or "arrays": vectors is ${String(vectors)}`,
    );
  }
  leaves.forEach((leaf, i) => {
    const path = paths[i]!;
    const full = path === "" || path[0] === "[" ? field + path : `${field}.${path}`;
    const own = path === "" || path[0] === "[" || path in columns ? full : path;
    addLeaf(all, own, leaf, vectors === "arrays");
  });
  return all;
}

/**
 * The values of a column of a table, of the rows that it shows; those of an Int32Array or
 * Float32Array come in one.
 */
export function valuesOfColumn(of: ColumnTable, name: string): ArrayLike<unknown> {
  const column: unknown = of.column(name);
  const values = of.array(name) as unknown[];
  if (column instanceof Int32Array) return Int32Array.from(values as number[]);
  if (column instanceof Float32Array) return Float32Array.from(values as number[]);
  return values;
}

/** A table of rows whose columns are known; those of numbers are typed arrays. */
export function fromColumns(
  names: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): ColumnTable {
  return table(Object.fromEntries(names.map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    const numeric = values.length > 0 && values.every((value) => typeof value === "number");
    return [name, numeric ? Float64Array.from(values) : values];
  })));
}

/** The graph of each row: `[2, 0, 1]` gives `[0, 0, 2]`. */
export function graphOfRow(counts: Int32Array): Int32Array {
  return Int32Array.from([...counts].flatMap((n, graph) => new Array<number>(n).fill(graph)));
}

/** Fails where a leaf has no values to show. */
export function checkValues(tree: Tree, action: string): void {
  const leaves = treeLeaves(tree);
  const at = leaves.findIndex(isTracer);
  if (at < 0) return;
  throw new TracerError(
    `Cannot ${action} as inside jit values are not known yet: ${
      treePaths(tree)[at]
    } is a tracer, ` +
      `${describe(leaves[at])} (make the table of what jit returns)`,
  );
}

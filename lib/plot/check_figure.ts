/** What must hold of a figure that someone has put together, so that it is no blank box. @module */
import type { Column, Figure, Mesh3dTrace, Trace } from "./types.ts";

const BYTES = { f4: Float32Array, u2: Uint16Array, i4: Int32Array } as const;

/** How many numbers a column has. */
export function columnLength(column: Column): number {
  if (!("bdata" in column)) return column.length;
  const bytes = column.bdata.length / 4 * 3 - (column.bdata.match(/=+$/)?.[0].length ?? 0);
  return bytes / BYTES[column.dtype].BYTES_PER_ELEMENT;
}

/** The numbers of a column. */
function numbersOf(column: Column): ArrayLike<unknown> {
  if (!("bdata" in column)) return column;
  return new BYTES[column.dtype](Uint8Array.fromBase64(column.bdata).buffer);
}

/**
 * Checks a figure before it is shown.
 *
 * @throws {TypeError} If there is no trace, or the columns of a trace differ in length.
 * @throws {RangeError} If a triangle names a point that is not there.
 */
export function checkFigure({ data }: Figure): void {
  if (!Array.isArray(data) || data.length === 0) {
    throw new TypeError("Cannot show a figure as it has traces: there is none in its data");
  }
  data.forEach((trace: Trace, n) => {
    // A matrix has headings, of which there are as many as it is wide and high.
    if (trace.type === "heatmap") return;
    checkLengths(trace, n, ["x", "y", "z", "u", "v", "w", "intensity"]);
    if (trace.type === "mesh3d") checkTriangles(trace, n);
  });
}

function checkLengths(trace: Trace, n: number, names: readonly string[]): void {
  const columns = trace as unknown as Readonly<Record<string, Column | undefined>>;
  const lengths = names.flatMap((name) => {
    const column = columns[name];
    return column === undefined ? [] : [[name, columnLength(column)] as const];
  });
  if (lengths.every(([, length]) => length === lengths[0]![1])) return;
  throw new TypeError(
    `Cannot show a figure as the columns of a trace are equally long: trace ${n} (${trace.type}) ` +
      `has ${lengths.map(([name, length]) => `${length} ${name}`).join(", ")}`,
  );
}

function checkTriangles(trace: Mesh3dTrace, n: number): void {
  checkLengths(trace, n, ["i", "j", "k"]);
  const count = columnLength(trace.x);
  for (const corner of ["i", "j", "k"] as const) {
    const wrong = Array.from(numbersOf(trace[corner])).findIndex((node) =>
      !(Number.isInteger(node) && (node as number) >= 0 && (node as number) < count)
    );
    if (wrong < 0) continue;
    throw new RangeError(
      `Cannot show a figure as triangles join its points: ${corner} of triangle ${wrong} is ` +
        `${numbersOf(trace[corner])[wrong]}, trace ${n} has ${count} points`,
    );
  }
}

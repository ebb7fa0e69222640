/** Conway's game of life on a torus. @module */
import type { DataArray } from "./array.ts";
import { randomStream } from "./random_stream.ts";

/** A board that wraps around, as a graph: each cell hears from its 8 neighbours. */
export interface LifeGrid {
  /** The number of cells, row by row. */
  readonly numCells: number;
  /** The neighbour that each edge comes from, `[8 * numCells]`. */
  readonly senders: Int32Array;
  /** The cell that each edge goes to, `[8 * numCells]`, in order. */
  readonly receivers: Int32Array;
}

/** Options of {@linkcode lifeBoards}. */
export interface LifeBoardsOptions {
  /** The size of a board, 3 x 3 at least. */
  readonly rows: number;
  /** The size of a board, 3 x 3 at least. */
  readonly columns: number;
  /** How many boards. */
  readonly count: number;
  /** What the random numbers start from; 0 by default. */
  readonly seed?: number;
}

/** Boards, and the same boards one generation later. */
export interface LifeBoards {
  /** 1 where a cell is alive, `[count, rows * columns]`. */
  readonly before: DataArray<Float32Array>;
  /** The next generation, of the same shape. */
  readonly after: DataArray<Float32Array>;
}

const NEIGHBOURS = [[-1, -1], [-1, 0], [-1, 1], [0, -1], [0, 1], [1, -1], [1, 0], [1, 1]] as const;

function checkSize(rows: number, columns: number): void {
  const fits = [rows, columns].every((size) => Number.isInteger(size) && size >= 3);
  if (fits) return;
  throw new RangeError(
    `Cannot lay out a board of life as a cell has 8 different neighbours on a torus of 3 x 3 ` +
      `cells or more: got ${rows} x ${columns}`,
  );
}

/**
 * The graph of a board whose edges wrap around.
 *
 * @throws {RangeError} If a side is not whole, or below 3.
 *
 * @example
 * ```ts
 * import { lifeGrid } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { numCells, senders } = lifeGrid(4, 5);
 * assertEquals([numCells, senders.length], [20, 160]);
 * ```
 */
export function lifeGrid(rows: number, columns: number): LifeGrid {
  checkSize(rows, columns);
  const numCells = rows * columns;
  const cells = Array.from({ length: numCells }, (_, cell) => cell);
  const wrap = (index: number, size: number): number => (index + size) % size;
  const senders = cells.flatMap((cell) =>
    NEIGHBOURS.map(([down, right]) =>
      wrap(Math.floor(cell / columns) + down, rows) * columns +
      wrap(cell % columns + right, columns)
    )
  );
  return {
    numCells,
    senders: Int32Array.from(senders),
    receivers: Int32Array.from(cells.flatMap((cell) => NEIGHBOURS.map(() => cell))),
  };
}

/**
 * The next generation of a board: a cell is born of 3 neighbours, and lives on with 2 or 3.
 *
 * @param cells 1 where a cell is alive, row by row: `[numCells]`.
 * @param grid The board's graph.
 *
 * @example A row of three turns into a column
 * ```ts
 * import { lifeGrid, nextGeneration } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const row = [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]; // 3 x 5
 * const column = nextGeneration(row, lifeGrid(3, 5));
 * assertEquals([2, 7, 12].map((cell) => column[cell]), [1, 1, 1]);
 * ```
 */
export function nextGeneration(
  cells: ArrayLike<number>,
  grid: LifeGrid,
): Float32Array<ArrayBuffer> {
  const neighbours = new Float32Array(grid.numCells);
  grid.receivers.forEach((cell, edge) => neighbours[cell]! += cells[grid.senders[edge]!]!);
  return neighbours.map((alive, cell) => Number(alive === 3 || alive === 2 && cells[cell] === 1));
}

/**
 * Random boards and their next generations. Boards differ in density, from empty to full, so that
 * all numbers of neighbours occur.
 *
 * @throws {RangeError} If a side is not whole, or below 3.
 *
 * @example
 * ```ts
 * import { lifeBoards } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { before, after } = lifeBoards({ rows: 8, columns: 8, count: 100 });
 * assertEquals([before.shape, after.shape], [[100, 64], [100, 64]]);
 * ```
 */
export function lifeBoards(options: LifeBoardsOptions): LifeBoards {
  const { rows, columns, count, seed = 0 } = options;
  const grid = lifeGrid(rows, columns);
  const shape = [count, grid.numCells];
  const [before, after] = [0, 0].map(() => new Float32Array(count * grid.numCells));
  const random = randomStream(seed);
  for (let start = 0; start < before!.length; start += grid.numCells) {
    const density = random.uniform();
    const board = Float32Array.from(
      { length: grid.numCells },
      () => Number(random.uniform() < density),
    );
    before!.set(board, start);
    after!.set(nextGeneration(board, grid), start);
  }
  return { before: { shape, data: before! }, after: { shape: [...shape], data: after! } };
}

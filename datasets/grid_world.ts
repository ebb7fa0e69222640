/** Grid worlds: mazes as graphs, with shortest paths to their goals. @module */
import { randomStream } from "./random_stream.ts";

/**
 * Grids of cells, of which walls part some, as one graph each; N free cells, E steps between them.
 */
export interface GridWorlds {
  /** What each cell is: 1 where it is the goal, 0 elsewhere, float32 `[N]`. */
  readonly isGoal: Float32Array;
  /** Where each cell lies, row and column, float32 `[N, 2]`. */
  readonly position: Float32Array;
  /** The fewest steps from each cell to the goal, int32 `[N]`. */
  readonly distance: Int32Array;
  /** int32 `[E]`: each step between neighbouring free cells, in both directions. */
  readonly senders: Int32Array;
  /** int32 `[E]`. */
  readonly receivers: Int32Array;
  /** The number of free cells of each world, int32 `[G]`. */
  readonly nNode: Int32Array;
  /** The number of steps of each world, int32 `[G]`. */
  readonly nEdge: Int32Array;
}

/** Options of {@linkcode gridWorlds}. */
export interface GridWorldsOptions {
  /** How many worlds. */
  readonly count: number;
  /** Rows of each. */
  readonly rows?: number;
  /** Columns of each. */
  readonly columns?: number;
  /** The share of cells that are walls, below 1; 0.3 by default. */
  readonly walls?: number;
  /** The same seed gives the same worlds. */
  readonly seed: number;
}

/** A cell of one world. */
type Cell = readonly [row: number, column: number];

const STEPS: readonly Cell[] = [[-1, 0], [0, -1], [0, 1], [1, 0]];

/**
 * Random grid worlds. Each cell is a wall with a given probability, a free one drawn at random is
 * the goal, and those from which it cannot be reached are walled up, so that each world is one
 * connected graph.
 *
 * @param options How many, how large, how many walls, the seed; 8 rows and 8 columns by default.
 * @returns All worlds one after another, as `graphsTuple` takes them.
 * @throws {RangeError} If a count or size is no whole number of at least 1, or the share of walls
 * is none.
 *
 * @example
 * ```ts
 * import { gridWorlds } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const open = gridWorlds({ count: 1, rows: 2, columns: 3, walls: 0, seed: 0 });
 * assertEquals([open.nNode[0], open.nEdge[0]], [6, 14]);
 * assertEquals(open.distance[open.isGoal.indexOf(1)], 0);
 * ```
 */
export function gridWorlds(
  { count, rows = 8, columns = 8, walls = 0.3, seed }: GridWorldsOptions,
): GridWorlds {
  for (const [name, size] of Object.entries({ count, rows, columns })) {
    if (Number.isSafeInteger(size) && size >= 1) continue;
    throw new RangeError(`Cannot make grid worlds as ${name} is 1 or more: got ${size}`);
  }
  if (!(walls >= 0 && walls < 1)) {
    throw new RangeError(
      `Cannot make grid worlds as the share of walls is from 0 to below 1: got ${walls}`,
    );
  }
  const random = randomStream(seed);
  const worlds = Array.from({ length: count }, () => {
    const isWall = Array.from({ length: rows * columns }, () => random.uniform() < walls);
    const goal = random.integer(rows * columns);
    isWall[goal] = false;
    return worldOf(isWall, goal, columns);
  });
  const first = [0];
  for (const { cells } of worlds) first.push(first.at(-1)! + cells.length);
  const shifted = (end: 0 | 1): Int32Array =>
    Int32Array.from(worlds.flatMap(({ edges }, i) => edges.map((edge) => edge[end] + first[i]!)));
  const cells = worlds.flatMap((world) => world.cells);
  return {
    isGoal: Float32Array.from(cells, ({ distance }) => distance === 0 ? 1 : 0),
    position: Float32Array.from(cells.flatMap(({ place }) => place)),
    distance: Int32Array.from(cells, ({ distance }) => distance),
    senders: shifted(0),
    receivers: shifted(1),
    nNode: Int32Array.from(worlds, ({ cells }) => cells.length),
    nEdge: Int32Array.from(worlds, ({ edges }) => edges.length),
  };
}

/** The cells from which the goal is reached, in rows, and the steps between them. */
function worldOf(isWall: readonly boolean[], goal: number, columns: number) {
  const neighbours = (cell: number): number[] => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    return STEPS
      .map(([down, right]): Cell => [row + down, column + right])
      .filter(([r, c]) => r >= 0 && c >= 0 && c < columns && isWall[r * columns + c] === false)
      .map(([r, c]) => r * columns + c);
  };
  const distances = new Map([[goal, 0]]);
  // A map is gone through in the order in which cells are found, nearest first.
  for (const [cell, distance] of distances) {
    for (const next of neighbours(cell)) {
      if (!distances.has(next)) distances.set(next, distance + 1);
    }
  }
  const reached = [...distances.keys()].sort((a, b) => a - b);
  const numbers = new Map(reached.map((cell, i) => [cell, i]));
  return {
    cells: reached.map((cell) => ({
      distance: distances.get(cell)!,
      place: [Math.floor(cell / columns), cell % columns],
    })),
    edges: reached.flatMap((cell, i) =>
      neighbours(cell).map((next) => [i, numbers.get(next)!] as const)
    ),
  };
}

import { assert, assertEquals, assertThrows } from "@std/assert";
import { lifeBoards, lifeGrid, nextGeneration } from "../../datasets/mod.ts";

const alive = (cells: ArrayLike<number>): number[] =>
  Array.from(cells).flatMap((cell, i) => cell === 1 ? [i] : []);

Deno.test("lifeGrid() joins each cell with its 8 neighbours, around the edges too", () => {
  const { senders, receivers } = lifeGrid(4, 5);
  const heard = (cell: number): number[] =>
    [...senders].filter((_, e) => receivers[e] === cell).sort((a, b) => a - b);
  assertEquals(heard(6), [0, 1, 2, 5, 7, 10, 11, 12]);
  assertEquals(heard(0), [1, 4, 5, 6, 9, 15, 16, 19]);
  for (let cell = 0; cell < 20; cell++) assertEquals(new Set(heard(cell)).size, 8);
});

Deno.test("nextGeneration() keeps a block, turns a blinker and moves a glider", () => {
  const grid = lifeGrid(6, 6);
  const board = (...cells: number[]): Float32Array =>
    Float32Array.from({ length: 36 }, (_, i) => Number(cells.includes(i)));
  assertEquals(alive(nextGeneration(board(0, 1, 6, 7), grid)), [0, 1, 6, 7]);
  assertEquals(alive(nextGeneration(board(7, 8, 9), grid)), [2, 8, 14]);
  const glider = [1, 8, 12, 13, 14];
  let cells = board(...glider);
  for (let i = 0; i < 4; i++) cells = nextGeneration(cells, grid);
  assertEquals(alive(cells), glider.map((cell) => cell + 7));
  for (let i = 4; i < 24; i++) cells = nextGeneration(cells, grid);
  assertEquals(alive(cells), glider);
});

Deno.test("lifeBoards() draws boards of all densities by its seed, with their next generation", () => {
  const options = { rows: 5, columns: 7, count: 200, seed: 3 };
  const { before, after } = lifeBoards(options);
  assertEquals([before.shape, after.shape], [[200, 35], [200, 35]]);
  assertEquals(lifeBoards(options), { before, after });
  const grid = lifeGrid(5, 7);
  const counts = new Set<number>();
  for (let i = 0; i < 200; i++) {
    const board = before.data.subarray(35 * i, 35 * i + 35);
    assertEquals(nextGeneration(board, grid), after.data.slice(35 * i, 35 * i + 35));
    counts.add(alive(board).length);
  }
  assert(Math.min(...counts) < 3 && Math.max(...counts) > 32);
});

Deno.test("lifeGrid() rejects boards whose neighbours coincide", () => {
  assertThrows(
    () => lifeGrid(2, 9),
    RangeError,
    "Cannot lay out a board of life as a cell has 8 different neighbours on a torus of 3 x 3 cells " +
      "or more: got 2 x 9",
  );
});

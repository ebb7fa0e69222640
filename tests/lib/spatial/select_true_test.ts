import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../../datasets/random_stream.ts";
import { roundColumns, selectTrue } from "../../../lib/spatial/select_true.ts";
import { forEachEngine } from "../../support/engines.ts";

/** The first places that hold true, row by row. */
function firstPlaces(mask: boolean[][], capacity: number): [number, number][] {
  return mask.flatMap((row, r) =>
    row.flatMap((isTrue, c): [number, number][] => isTrue ? [[r, c]] : [])
  ).slice(0, capacity);
}

forEachEngine("selectTrue() finds the first true values of masks of any density", () => {
  const random = randomStream(0);
  for (const [rows, columns] of [[1, 8], [5, 8], [3, 24], [17, 40], [40, 16]] as const) {
    for (const density of [0, 0.02, 0.5, 1]) {
      for (const capacity of [0, 1, 7, rows * columns, rows * columns + 9]) {
        const mask = Array.from(
          { length: rows },
          () => Array.from({ length: columns }, () => random.uniform() < density),
        );
        const found = selectTrue(tf.tensor2d(mask, [rows, columns], "bool"), capacity);
        const all = firstPlaces(mask, Infinity);
        assertEquals(found.total.dataSync()[0], all.length);
        const [r, c] = [found.rows.dataSync(), found.columns.dataSync()];
        assertEquals([r.length, c.length], [capacity, capacity]);
        const expected = all.slice(0, capacity);
        assertEquals(expected.map((_, e) => [r[e], c[e]]), expected);
      }
    }
  }
});

Deno.test("roundColumns() gives the next multiple of 8", () => {
  assertEquals([0, 1, 8, 9].map(roundColumns), [0, 8, 8, 16]);
});

/** Segment functions against naive loops, on random rows and ids, some of them out of range. */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {
  segmentGather,
  segmentMax,
  segmentMaxOrConstant,
  segmentMean,
  segmentMin,
  segmentMinOrConstant,
  segmentNormalize,
  segmentSoftmax,
  segmentSum,
  segmentVariance,
} from "../../../lib/segment/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { type EngineName, forEachEngine } from "../../support/engines.ts";
import { steps } from "../../support/tier.ts";

const CLOSE = { rtol: 1e-4, atol: 1e-5 };
/**
 * Eager work this small runs on xla's host evaluator: jit_test.ts is what tests compiled programs.
 */
const WIDTH = 2;
const EPS = 0.01;

type SegmentFn = (data: Tensor, ids: Tensor, numSegments: number) => Tensor;
type Loop = (column: number[]) => number;
type RowLoop = (column: number[]) => number[];

interface Drawn {
  readonly rows: { readonly id: number; readonly values: number[]; readonly key: number }[];
  readonly numSegments: number;
  readonly shift: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  rows: fc.constantFrom(0, 1, 7).chain((E) =>
    fc.array(
      fc.record({
        id: fc.integer({ min: -2, max: 5 }),
        values: fc.array(fc.integer({ min: -16, max: 16 }).map((k) => k / 8), {
          minLength: WIDTH,
          maxLength: WIDTH,
        }),
        key: fc.nat(),
      }),
      { minLength: E, maxLength: E },
    )
  ),
  numSegments: fc.constantFrom(0, 1, 4),
  shift: fc.integer({ min: -50, max: 50 }),
});

const sum: Loop = (xs) => xs.reduce((a, b) => a + b, 0);
const mean: Loop = (xs) => sum(xs) / Math.max(1, xs.length);
const variance: Loop = (xs) => mean(xs.map((x) => (x - mean(xs)) ** 2));

/** Functions that give a row for each segment, and what they are of a segment's column. */
const REDUCTIONS: Record<string, [SegmentFn, Loop]> = {
  segmentSum: [segmentSum, sum],
  segmentMax: [segmentMax, (xs) => Math.max(...xs)],
  segmentMin: [segmentMin, (xs) => Math.min(...xs)],
  segmentMaxOrConstant: [segmentMaxOrConstant, (xs) => xs.length ? Math.max(...xs) : 0],
  segmentMinOrConstant: [segmentMinOrConstant, (xs) => xs.length ? Math.min(...xs) : 0],
  segmentMean: [segmentMean, mean],
  segmentVariance: [segmentVariance, variance],
};

/** Functions that give a row for each row of a segment. */
const PER_ROW: Record<string, [SegmentFn, RowLoop]> = {
  segmentSoftmax: [segmentSoftmax, (xs) => {
    const total = sum(xs.map(Math.exp));
    return xs.map((x) => Math.exp(x) / total);
  }],
  segmentNormalize: [
    (data, ids, n) => segmentNormalize(data, ids, n, { eps: EPS }),
    (xs) => xs.map((x) => (x - mean(xs)) / Math.sqrt(Math.max(variance(xs), EPS))),
  ],
};

const dataOf = (rows: Drawn["rows"]): Tensor =>
  tf.tensor(rows.flatMap(({ values }) => values), [rows.length, WIDTH], "float32");
const idsOf = (rows: Drawn["rows"]): Tensor => tf.tensor1d(rows.map(({ id }) => id), "int32");

const columns = Array.from({ length: WIDTH }, (_, c) => c);

/** A row for each segment, by a loop. */
const reduced = ({ rows, numSegments }: Drawn, loop: Loop): Float32Array =>
  Float32Array.from(
    Array.from({ length: numSegments }, (_, segment) => {
      const own = rows.filter(({ id }) => id === segment);
      return columns.map((c) => loop(own.map(({ values }) => values[c]!)));
    }).flat(),
  );

/** The rows whose ids are in range, and a result for each of them. */
function perRow({ rows, numSegments }: Drawn, loop: RowLoop): [row: number, values: number[]][] {
  return Array.from({ length: numSegments }, (_, segment) => {
    const own = rows.flatMap(({ id }, i) => id === segment ? [i] : []);
    const results = columns.map((c) => loop(own.map((i) => rows[i]!.values[c]!)));
    return own.map((i, k): [number, number[]] => [i, results.map((column) => column[k]!)]);
  }).flat();
}

/** Another order of the rows: for each place, where its row was. */
const orderOf = ({ rows }: Drawn): number[] =>
  rows.map((_, i) => i).sort((a, b) => rows[a]!.key - rows[b]!.key);

function holds(engine: EngineName, property: (drawn: Drawn) => void): void {
  const runs = engine === "cpu" ? steps(100, 2000) : steps(20, 200);
  const check = fc.property(drawn, (d) => void tf.tidy(() => property(d)));
  fc.assert(check, { numRuns: runs, seed: 17 });
}

for (const [name, [fn, loop]] of Object.entries(REDUCTIONS)) {
  forEachEngine(`${name}() is that of a naive loop, in any order of the rows`, (_, engine) => {
    holds(engine, (d) => {
      const shuffled = orderOf(d).map((i) => d.rows[i]!);
      const expected = reduced(d, loop);
      for (const rows of [d.rows, shuffled]) {
        const actual = fn(dataOf(rows), idsOf(rows), d.numSegments);
        assertAllClose(actual.shape, [d.numSegments, WIDTH]);
        assertAllClose(actual, expected, CLOSE);
      }
    });
  });
}

for (const [name, [fn, loop]] of Object.entries(PER_ROW)) {
  forEachEngine(`${name}() is that of a naive loop, and moves with the rows`, (_, engine) => {
    holds(engine, (d) => {
      const values = fn(dataOf(d.rows), idsOf(d.rows), d.numSegments).arraySync() as number[][];
      for (const [i, row] of perRow(d, loop)) assertAllClose(values[i], row, CLOSE);
      const order = orderOf(d);
      const shuffled = order.map((i) => d.rows[i]!);
      const moved = fn(dataOf(shuffled), idsOf(shuffled), d.numSegments);
      assertAllClose(moved, Float32Array.from(order.flatMap((i) => values[i]!)), CLOSE);
    });
  });
}

forEachEngine("segmentSoftmax() is the same for logits that are shifted", (_, engine) => {
  holds(engine, (d) => {
    const shifted = d.rows.map((row) => ({ ...row, values: row.values.map((x) => x + d.shift) }));
    // A row whose id is dropped belongs to no segment that could take the shift back.
    const real = (rows: Drawn["rows"]): Float32Array => {
      const all = segmentSoftmax(dataOf(rows), idsOf(rows), d.numSegments)
        .arraySync() as number[][];
      return Float32Array.from(
        all.filter((_, i) => rows[i]!.id >= 0 && rows[i]!.id < d.numSegments).flat(),
      );
    };
    assertAllClose(real(shifted), real(d.rows), CLOSE);
  });
});

forEachEngine("segmentGather() is that of a naive loop, with zeros out of range", (_, engine) => {
  holds(engine, (d) => {
    const { rows, numSegments } = d;
    const table = Array.from({ length: numSegments }, (_, i) => columns.map((c) => i + c / 4));
    const expected = rows.flatMap(({ id }) => table[id] ?? columns.map(() => 0));
    const data = tf.tensor(table.flat(), [numSegments, WIDTH], "float32");
    assertAllClose(segmentGather(data, idsOf(rows)), Float32Array.from(expected), CLOSE);
  });
});

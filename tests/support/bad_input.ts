/** Tables of bad input: each must be refused in this library's own words. @module */
import { AssertionError } from "@std/assert";
import { type GraphsTuple, graphsTuple, type GraphsTupleFields } from "../../lib/graph/mod.ts";

/** A graph that is right, 0 → 1 → 2, with the given features of its 3 nodes. */
export const goodGraph = (nodes: GraphsTupleFields["nodes"]): GraphsTuple =>
  graphsTuple({
    nodes,
    edges: [[1], [2]],
    senders: [0, 1],
    receivers: [1, 2],
    globals: [[9]],
    nNode: [3],
    nEdge: [2],
  });

/** What nobody should pass for anything: strings, holes, objects of other kinds. */
export const JUNK: Readonly<Record<string, unknown>> = {
  "a string": "abc",
  "a numeric string": "3",
  "a symbol": Symbol("x"),
  "a bigint": 3n,
  "a date": new Date(0),
  "a map": new Map([[0, 1]]),
  "a promise": Promise.resolve([1]),
  "an array of strings": ["a", "b"],
  "a data view": new DataView(new ArrayBuffer(8)),
};

/** What is no number of rows. */
export const BAD_COUNTS: Readonly<Record<string, unknown>> = {
  ...JUNK,
  "a fraction": 1.5,
  "a negative": -1,
  NaN: NaN,
  Infinity: Infinity,
  "more than int32": 2 ** 31,
  "true": true,
  "an array": [2],
};

/** What is no list of ids or counts; `n` is the length that would fit. */
export const BAD_IDS: Readonly<Record<string, unknown>> = {
  ...JUNK,
  fractions: [0, 0.5],
  NaN: [0, NaN],
  Infinity: [0, Infinity],
  "more than int32": [0, 2 ** 31],
  booleans: [true, false],
  "float fractions": new Float32Array([0, 0.5]),
  "big integers": new BigInt64Array([0n, 2n ** 40n]),
  "a column": [[0], [1]],
  "ragged rows": [[0], [1, 2]],
  "a number": 0,
  "a hole": new Array<number>(2),
  "a list in a list": [0, [1]],
  "numbers and booleans": [0, true],
  "a record": { shape: [2], data: [0, 1] },
  "a record of another size": { shape: [3], data: new Int32Array(2) },
};

/** A call, and what its error must mention. */
export type BadCall = readonly [title: string, call: () => unknown, mention?: string];

/** What is wrong with how a call is refused; null if nothing is. */
function complaint([title, call, mention]: BadCall): string | null {
  let error: unknown = null;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof TypeError || error instanceof RangeError)) {
    return `${title}: expected a refusal, got ${error}`;
  }
  const { message } = error;
  // Some of V8's own errors begin with "Cannot" too.
  const isOurs =
    /^Cannot (?!read|destructure|convert (?:a Symbol|undefined)|set|use 'in')\w+.* as .*: /s.test(
      message,
    );
  if (!isOurs) return `${title}: refused in other words: ${message}`;
  if (mention === undefined || message.includes(mention)) return null;
  return `${title}: does not mention "${mention}": ${message}`;
}

/**
 * Fails unless each call throws a TypeError or RangeError `Cannot … as …: …` that mentions its
 * text.
 */
export function assertRefused(calls: readonly BadCall[]): void {
  const complaints = calls.map(complaint).filter((text) => text !== null);
  if (complaints.length === 0) return;
  throw new AssertionError({ message: `${complaints.length} calls:\n${complaints.join("\n")}` });
}

/** One call for each bad value. */
export function each(
  title: string,
  values: Readonly<Record<string, unknown>>,
  call: (bad: never) => unknown,
  mention?: string,
): BadCall[] {
  return Object.entries(values).map(([name, bad]): BadCall => [
    `${title} of ${name}`,
    () => call(bad as never),
    mention!,
  ]);
}

/** Satisfiability of clauses of two literals. @module */
import { randomStream } from "./random_stream.ts";

/** Options of {@linkcode twoSat}. */
export interface TwoSatOptions {
  /** How many problems. */
  readonly count: number;
  /** The least and the largest number of variables. */
  readonly variables: readonly [least: number, most: number];
  /** What the random numbers start from; 0 by default. */
  readonly seed?: number;
}

/**
 * Problems as bipartite graphs, one after another: the nodes of a problem are its variables, then
 * its clauses; an edge goes from each of a clause's two variables to it.
 */
export interface TwoSatProblems {
  /** 1 for a variable, 0 for a clause: `[N]`. */
  readonly isVariable: Int32Array;
  /** The value of each variable that solves the problem, 0 for a clause: `[N]`. */
  readonly solution: Int32Array;
  /** The variable of each edge, `[E]`. */
  readonly senders: Int32Array;
  /** The clause of each edge, `[E]`. */
  readonly receivers: Int32Array;
  /** 1 where the clause has the variable as it is, 0 where it has its negation: `[E]`. */
  readonly isPositive: Int32Array;
  /** Nodes of each problem, `[count]`. */
  readonly nNode: Int32Array;
  /** Edges of each problem, `[count]`. */
  readonly nEdge: Int32Array;
}

/** The number of pairs of `n` things. */
const pairs = (n: number): number => n * (n - 1) / 2;

/**
 * Random problems that a known assignment solves: each pair of variables makes a clause, in which
 * both stand as the solution has them. After Jraph's example of 2-SAT.
 *
 * @throws {RangeError} If the least number of variables is below 2 or above the largest.
 *
 * @example
 * ```ts
 * import { twoSat } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { nNode, nEdge } = twoSat({ count: 1, variables: [4, 4] });
 * assertEquals([...nNode, ...nEdge], [4 + 6, 12]);
 * ```
 */
export function twoSat(options: TwoSatOptions): TwoSatProblems {
  const { count, variables: [least, most], seed = 0 } = options;
  if (!(least >= 2 && most >= least)) {
    throw new RangeError(
      `Cannot make clauses of two literals as a problem needs 2 variables: ${least} to ${most}`,
    );
  }
  const random = randomStream(seed);
  const isVariable: number[] = [], solution: number[] = [];
  const senders: number[] = [], receivers: number[] = [], isPositive: number[] = [];
  const sizes = Array.from({ length: count }, () => least + random.integer(most - least + 1));
  for (const n of sizes) {
    const first = isVariable.length;
    const values = Array.from({ length: n }, () => random.integer(2));
    let clause = first + n;
    for (let a = 0; a < n; a++) {
      for (let b = a + 1; b < n; b++, clause++) {
        senders.push(first + a, first + b);
        receivers.push(clause, clause);
        isPositive.push(values[a]!, values[b]!);
      }
    }
    isVariable.push(...values.map(() => 1), ...new Array<number>(pairs(n)).fill(0));
    solution.push(...values, ...new Array<number>(pairs(n)).fill(0));
  }
  return {
    isVariable: Int32Array.from(isVariable),
    solution: Int32Array.from(solution),
    senders: Int32Array.from(senders),
    receivers: Int32Array.from(receivers),
    isPositive: Int32Array.from(isPositive),
    nNode: Int32Array.from(sizes, (n) => n + pairs(n)),
    nEdge: Int32Array.from(sizes, (n) => 2 * pairs(n)),
  };
}

/**
 * How eager work is computed, on the host or as a program, whichever comes out cheaper: on the host
 * until it has worked on one program for as long as compiling it would have taken.
 *
 * @module
 */
import {
  type Argument,
  canEvaluate,
  evaluate,
  type HloNode,
  type HostArray,
  isOp,
  printModule,
  workOf,
} from "./hlo/mod.ts";
import type { ProgramStore } from "./program_store.ts";
import type { Value } from "./value.ts";
import { type Lifted, VaryingNumbers } from "./varying_numbers.ts";

/** Work of at most this many steps always stays on the host: no compiler is as quick. */
const SMALL_WORK = 65_536;

/** The cost of compiling one node, in steps on the host (about a millisecond). */
const COMPILE_WORK = 100_000;

/** Programs whose work on the host is remembered. */
const MAX_REMEMBERED = 1024;

/** How a pending graph is computed: on the host, or as a program. */
export type Plan =
  | {
    readonly where: "host";
    /** Keeps in mind that it was done. */
    done(): void;
  }
  | {
    readonly where: "device";
    readonly text: string;
    readonly inputs: readonly HloNode[];
    /** Inputs that were made for this plan: numbers that change from time to time. */
    readonly numbers: readonly HloNode[];
  };

/** Decides for each pending graph, by what it has seen of those before. */
export class EagerPlanner {
  readonly #programs: ProgramStore;
  /** Work that was done on the host for programs that were not compiled, by their text. */
  readonly #hostWork = new Map<string, number>();
  readonly #varying = new VaryingNumbers();

  constructor(programs: ProgramStore) {
    this.#programs = programs;
  }

  /** How to compute `outputs`; without `useHost` always as a program. */
  plan(order: readonly HloNode[], outputs: readonly HloNode[], useHost: boolean): Plan {
    const work = useHost ? hostWorkOf(order) : Infinity;
    if (work <= SMALL_WORK) return { where: "host", done: () => {} };
    const lifted = this.#varying.lift(order, outputs);
    const inputs = inputsOf(lifted);
    const args = inputs.map((node): Argument => ({ node }));
    const text = printModule("eager", args, lifted.outputs, lifted.order);
    const spent = (this.#hostWork.get(text) ?? 0) + work;
    return !this.#programs.hasEager(text) && spent <= COMPILE_WORK * order.length
      ? { where: "host", done: () => this.#remember(text, spent) }
      : { where: "device", text, inputs, numbers: lifted.numbers };
  }

  /** Forgets the work that was done on the host for a program, as it is compiled now. */
  forget(text: string): void {
    this.#hostWork.delete(text);
  }

  #remember(text: string, spent: number): void {
    if (this.#hostWork.size >= MAX_REMEMBERED) this.#hostWork.clear();
    this.#hostWork.set(text, spent);
  }
}

/** Steps that a graph takes on the host; Infinity if it cannot run there without waiting. */
function hostWorkOf(order: readonly HloNode[]): number {
  let work = 0;
  for (const node of order) {
    if (!canEvaluate(node)) return Infinity;
    if (!isOp(node, "constant")) work += workOf(node);
    for (const { data } of node.inputs) {
      if (data && !(data as Value).isReady()) return Infinity;
    }
  }
  return work;
}

/** The nodes that a graph reads from outside; a number of its own may be a result as it is. */
function inputsOf({ order, outputs }: Lifted): HloNode[] {
  return [...new Set([...order.flatMap(({ inputs }) => inputs), ...outputs])]
    .filter(({ data }) => data);
}

/**
 * Computes a graph on the host.
 *
 * @param read The values of a node that is computed already.
 */
export function evaluateAll(
  order: readonly HloNode[],
  read: (node: HloNode) => HostArray,
): ReadonlyMap<HloNode, HostArray> {
  const values = new Map<HloNode, HostArray>();
  const valueOf = (node: HloNode): HostArray => values.get(node) ?? read(node);
  for (const node of order) values.set(node, evaluate(node, node.inputs.map(valueOf)));
  return values;
}

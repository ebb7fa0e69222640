/**
 * Which replicas a parallel call has: told by its options and its arguments' leading axes.
 *
 * @module
 */
import { currentCommunicator, EngineError } from "../engine/mod.ts";
import { devices } from "../init/mod.ts";
import { describe, type Tensor, type Tree, treeLeaves, treePaths } from "../tree/mod.ts";
import type { Axis } from "./axes.ts";

/** The axes that replicas lie along. */
export interface AxisOptions {
  /** The name of the axis that replicas lie along, for `psum` and its kin. */
  readonly axisName?: string;
  /** Several axes by name, with their sizes, the outermost first: as many leading axes. */
  readonly axes?: Readonly<Record<string, number>>;
}

/** Which replicas there are, and which of them are this process's. */
export interface Grid {
  /** The axes, through all processes. */
  readonly axes: readonly Axis[];
  /** The leading axes that the devices of this process share out. */
  readonly local: readonly number[];
  /** The number of this process's first replica. */
  readonly first: number;
}

/** The replicas of a call, after its arguments' leading axes. */
export function replicaGrid(
  args: readonly unknown[],
  statics: ReadonlySet<number>,
  { axisName = "", axes: sizes }: AxisOptions,
  name: string,
): Grid {
  const { rank, size } = currentCommunicator() ?? { rank: 0, size: 1 };
  const leaves = args.flatMap((arg, i) => statics.has(i) ? [] : leavesOf(arg, i));
  if (!sizes && leaves.length === 0) {
    throw new TypeError(
      `Cannot call ${name} as the number of replicas is that of the arguments' rows: there are no ` +
        `tensors in them (pass one, or name the axes and their sizes: {axes})`,
    );
  }
  const named = Object.entries(sizes ?? {}).map(([name, size]) => ({ name, size }));
  const local = sizes ? localSizes(named, size, name) : leaves[0]!.leaf.shape.slice(0, 1);
  checkRows(leaves, local, sizes ? named.map(({ name }) => name) : null, name);
  const replicas = local.reduce((product, size) => product * size, 1);
  checkDevices(replicas, name);
  const axes = sizes ? named : [{ name: axisName, size: size * replicas }];
  return { axes, local, first: rank * replicas };
}

interface Leaf {
  readonly place: string;
  readonly leaf: Tensor;
}

function leavesOf(arg: unknown, i: number): Leaf[] {
  const paths = treePaths(arg);
  return treeLeaves(arg as Tree).map((leaf, k) => ({
    place: `argument ${i}${paths[k] && ` at ${paths[k]}`}`,
    leaf,
  }));
}

function checkRows(
  leaves: readonly Leaf[],
  sizes: readonly number[],
  names: readonly string[] | null,
  name: string,
): void {
  const odd = leaves.find(({ leaf }) =>
    sizes.length === 0 || sizes.some((size, i) => leaf.shape[i] !== size)
  );
  if (!odd) return;
  const rule = names
    ? `leading axes of {${names.map((axis, i) => `${axis}: ${sizes[i]}`).join(", ")}}`
    : "a row for each replica";
  const [first] = leaves;
  const other = names || odd === first ? "" : `, ${first!.place} is ${describe(first!.leaf)}`;
  throw new TypeError(
    `Cannot call ${name} as every tensor has ${rule}: ${odd.place} is ${
      describe(odd.leaf)
    }${other} ` +
      `(stack what each replica gets along the first ${names ? "axes" : "axis"})`,
  );
}

/** The sizes of axes in one of several processes, which share out the outermost axes first. */
function localSizes(axes: readonly Axis[], processes: number, name: string): number[] {
  let left = processes;
  const sizes = axes.map(({ size }) => {
    const share = greatestCommonDivisor(size, left);
    left /= share;
    return size / share;
  });
  // Once an axis is shared out in part, what is inside of it must be whole.
  const cut = sizes.findIndex((size) => size > 1);
  if (
    left === 1 && axes.slice(cut + 1).every(({ size }, i) => cut < 0 || sizes[cut + 1 + i] === size)
  ) {
    return sizes;
  }
  const listed = axes.map(({ name, size }) => `${name}: ${size}`).join(", ");
  throw new TypeError(
    `Cannot call ${name} as each process has an equal block of the replicas: axes {${listed}} for ` +
      `${processes} processes (make the first axis a multiple of the processes)`,
  );
}

function checkDevices(replicas: number, name: string): void {
  const { length } = devices();
  if (replicas >= 1 && replicas <= length) return;
  throw new EngineError(
    `Cannot call ${name} as each replica has a device of its own: there are ${replicas} replicas ` +
      `and ${length} device${length === 1 ? "" : "s"} (start a process with ` +
      `\`await init({devices: ${Math.max(1, replicas)}})\`, which on a CPU makes virtual ones)`,
  );
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

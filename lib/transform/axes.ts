/** The axes along which a parallel function runs: who is in the same group as whom. @module */

/** A number of replicas side by side. */
export interface Axis {
  readonly name: string;
  readonly size: number;
}

/** Axes that a collective works along. */
export interface SelectedAxes {
  /** How many replicas are in a group. */
  readonly size: number;
  /** Numbers of the replicas of each group. */
  readonly groups: readonly (readonly number[])[];
  /** The axes in the order that they were named in, and how far apart neighbours are numbered. */
  readonly strides: readonly { readonly size: number; readonly stride: number }[];
  /** The number of the first replica of this process. */
  readonly first: number;
}

/** The axes around the running call, the outermost first. */
let current: readonly Axis[] = [];

/** The number of the first replica of this process. */
let first = 0;

/** Why collectives are refused now, or null. */
let refusal: string | null = null;

/**
 * Calls a function that runs along axes.
 *
 * @param firstReplica The number of the first replica of this process.
 */
export function withAxes<T>(axes: readonly Axis[], firstReplica: number, fn: () => T): T {
  const outer = { current, first };
  [current, first] = [axes, firstReplica];
  try {
    return fn();
  } finally {
    ({ current, first } = outer);
  }
}

/**
 * Calls a function that not all replicas may call: one that waited there for the others would wait
 * forever.
 */
export function withoutCollectives<T>(where: string, fn: () => T): T {
  const outer = refusal;
  refusal = where;
  try {
    return fn();
  } finally {
    refusal = outer;
  }
}

/**
 * The axes of these names.
 *
 * @throws {TypeError} If there is no such axis around the call.
 */
export function selectAxes(action: string, names: string | readonly string[]): SelectedAxes {
  const wanted = typeof names === "string" ? [names] : [...names];
  const known = current.map(({ name }) => name);
  const missing = wanted.find((name) => !known.includes(name));
  if (missing !== undefined || wanted.length === 0) {
    const there = known[0] === ""
      ? "there is one without a name"
      : `there are ${known.join(", ") || "none"}`;
    throw new TypeError(
      `Cannot ${action} along ${missing === undefined ? "no axis" : `the axis ${missing}`} as it ` +
        `is not one of the axes around the call: ${there} (call it inside ` +
        `pmap(f, {axisName: "${missing ?? "devices"}"}))`,
    );
  }
  const strides = strideOf(current);
  const isWanted = ({ name }: Axis): boolean => wanted.includes(name);
  const groups = new Map<string, number[]>();
  for (let id = 0; id < sizeAlong(current); id++) {
    const rest = current.map((axis, i) =>
      isWanted(axis) ? "*" : Math.floor(id / strides[i]!) % axis.size
    );
    const key = rest.join();
    groups.set(key, [...groups.get(key) ?? [], id]);
  }
  return {
    size: sizeAlong(current.filter(isWanted)),
    groups: [...groups.values()],
    strides: wanted.map((name) => {
      const i = known.indexOf(name);
      return { size: current[i]!.size, stride: strides[i]! };
    }),
    first,
  };
}

/** @throws {TypeError} If replicas may part here, so that one could wait for others in vain. */
export function checkTogether(action: string): void {
  if (refusal === null || sizeAlong(current) === 1) return;
  throw new TypeError(
    `Cannot ${action} inside ${refusal} as replicas may part there and would wait for each other ` +
      `(compute it outside, and choose with tf.where)`,
  );
}

/** How many replicas there are along axes. */
export function sizeAlong(axes: readonly Axis[]): number {
  return axes.reduce((product, { size }) => product * size, 1);
}

/** Replicas are numbered like the elements of an array: the last axis goes fastest. */
function strideOf(axes: readonly Axis[]): number[] {
  return axes.map((_, i) => sizeAlong(axes.slice(i + 1)));
}

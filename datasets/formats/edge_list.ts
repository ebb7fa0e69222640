/** Lists of edges as text: two names of nodes a line, and perhaps a weight. @module */
import type { Place } from "./data_format_error.ts";
import { growableFloat64, growableInt32 } from "./growable.ts";
import { lineError, linesOf } from "./lines.ts";

/** A graph of N nodes and E edges, as a list of edges gives it. */
export interface EdgeList {
  /**
   * The name of each node, `[N]`: in numerical order where all are whole numbers, else as they
   * come.
   */
  readonly names: string[];
  /** Places among the names, int32 `[E]`. */
  readonly senders: Int32Array;
  /** Places among the names, int32 `[E]`. */
  readonly receivers: Int32Array;
  /** float64 `[E]`, where all lines have one; else null. */
  readonly weights: Float64Array | null;
}

const FORMAT = "a list of edges";

/**
 * Reads a list of edges: on each line the node that an edge comes from, the one that it goes to,
 * and perhaps a weight, parted by white space, commas or both. What follows `#` or `%` is a
 * comment.
 *
 * @param bytes The file.
 * @param place Its name, for errors.
 * @returns The edges as they are written, each in one direction.
 * @throws {DataFormatError} If a line has other than two fields and a number, or some lines have a
 *   weight and others none; the message names line and byte.
 *
 * @example
 * ```ts
 * import { parseEdgeList } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { names, senders, receivers } = parseEdgeList(new TextEncoder().encode("7 3\n3 5\n"));
 * assertEquals(names, ["3", "5", "7"]);
 * assertEquals([[...senders], [...receivers]], [[2, 0], [0, 1]]);
 * ```
 */
export function parseEdgeList(bytes: Uint8Array, place: Place = {}): EdgeList {
  const places = new Map<string, number>();
  const placeOf = (name: string): number => {
    const known = places.get(name);
    if (known === undefined) places.set(name, places.size);
    return known ?? places.size - 1;
  };
  const [senders, receivers, weights] = [growableInt32(), growableInt32(), growableFloat64()];
  for (const line of linesOf(bytes)) {
    const text = line.text.replace(/[#%].*/, "").trim();
    if (text === "") continue;
    const [from, to, weight, ...rest] = text.split(/\s*,\s*|\s+/);
    const number = weight === undefined || weight === "" ? NaN : Number(weight);
    const isWeighted = weight !== undefined;
    const isFirst = senders.length === 0;
    if (!from || !to || rest.length > 0 || isWeighted && Number.isNaN(number)) {
      throw lineError(FORMAT, place, line, "two names and perhaps a weight");
    }
    if (!isFirst && isWeighted !== weights.length > 0) {
      throw lineError(
        FORMAT,
        place,
        line,
        `${isWeighted ? "no" : "a"} weight, as in the lines before`,
      );
    }
    senders.push(placeOf(from));
    receivers.push(placeOf(to));
    if (isWeighted) weights.push(number);
  }
  const list = inOrder([...places.keys()], senders.finish(), receivers.finish());
  return { ...list, weights: weights.length > 0 ? weights.finish() : null };
}

/** Nodes whose names are numbers come in the order of these. */
function inOrder(names: string[], senders: Int32Array, receivers: Int32Array) {
  if (!names.every((name) => /^(0|[1-9]\d{0,14})$/.test(name))) {
    return { names, senders, receivers };
  }
  const order = names.map((_, i) => i).sort((a, b) => Number(names[a]) - Number(names[b]));
  const rank = new Int32Array(names.length);
  order.forEach((old, place) => rank[old] = place);
  return {
    names: order.map((old) => names[old]!),
    senders: senders.map((old) => rank[old]!),
    receivers: receivers.map((old) => rank[old]!),
  };
}

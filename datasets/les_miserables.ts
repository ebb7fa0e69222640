/** Who meets whom in Les Misérables. @module */
import { readNodeLink } from "./read_graph.ts";
import { sampleUrl } from "./samples/mod.ts";

/** A weighted social network, as plain data. */
export interface LesMiserables {
  /** The characters, `[77]`. */
  readonly names: readonly string[];
  /** The group of each, found by a clustering, int32 `[77]`. */
  readonly groups: Int32Array;
  /** One of each pair that meets, int32 `[254]`. */
  readonly senders: Int32Array;
  /** The other, int32 `[254]`. */
  readonly receivers: Int32Array;
  /** In how many chapters they meet, int32 `[254]`. */
  readonly weights: Int32Array;
}

/**
 * The characters of Victor Hugo's Les Misérables who appear in a chapter together (D. E. Knuth
 * 1993, The Stanford GraphBase): 77 of them, and 254 pairs, each in one direction.
 *
 * @throws {DataNotFoundError} If the package's own file is missing.
 *
 * @example
 * ```ts
 * import { lesMiserables } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { names, senders, receivers, weights } = await lesMiserables();
 * const most = weights.indexOf(Math.max(...weights));
 * const pair = [senders[most]!, receivers[most]!].map((i) => names[i]);
 * assertEquals([pair, weights[most]], [["Cosette", "Valjean"], 31]);
 * ```
 */
export async function lesMiserables(): Promise<LesMiserables> {
  const graph = await readNodeLink(sampleUrl("les_miserables", "miserables.json"));
  const { nodes, links, senders, receivers } = graph;
  return {
    names: nodes.map(({ name }) => String(name)),
    groups: Int32Array.from(nodes, ({ group }) => Number(group)),
    senders,
    receivers,
    weights: Int32Array.from(links, ({ value }) => Number(value)),
  };
}

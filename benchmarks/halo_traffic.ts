/**
 * Simulates the next step after replicated nodes: nodes are split over K devices, and each device
 * gets those senders of its edges that others own (its halo), before each layer.
 *
 *     deno task bench:halo
 *
 * Edges lie with their receiver, so that nothing is summed across devices. Nodes are dealt out in
 * turn, which knows nothing of the graph: a partition that does (METIS) can only send less. The
 * first hubs may be on all devices, as replicated nodes are now.
 */
import { powerLawEdges } from "@meshwork/meshwork/datasets";
import { table } from "./report.ts";

/**
 * Nodes that are sent to another device before a layer, of all devices together, and the most to
 * one.
 */
export interface Halo {
  readonly sent: number;
  readonly largest: number;
  /** The most edges that one device has, as a multiple of the mean. */
  readonly imbalance: number;
}

/**
 * Counts the halos of a graph whose nodes are split over `parts` devices, but for `hubs` that all
 * have.
 */
export function haloOf(
  { senders, receivers, numNodes }: {
    senders: Int32Array;
    receivers: Int32Array;
    numNodes: number;
  },
  parts: number,
  hubs = 0,
): Halo {
  const needs = new Uint8Array(parts * numNodes);
  const [halo, edges] = [new Int32Array(parts), new Int32Array(parts)];
  senders.forEach((sender, i) => {
    const receiver = receivers[i]!;
    // Edges into a hub are dealt out: its sums are added up, as now.
    const part = receiver < hubs ? i % parts : receiver % parts;
    edges[part]!++;
    if (sender < hubs || sender % parts === part || needs[part * numNodes + sender]) return;
    needs[part * numNodes + sender] = 1;
    halo[part]!++;
  });
  const sum = halo.reduce((a, b) => a + b, 0);
  return {
    sent: sum,
    largest: Math.max(...halo),
    imbalance: Math.max(...edges) * parts / senders.length,
  };
}

/** Numbers a device sends and gets in a layer, per feature, if N nodes are on all K. */
const replicated = (N: number, K: number): number => 2 * (K - 1) / K * N;

if (import.meta.main) {
  // As many edges a node as ogbn-papers100M has.
  const [numNodes, count] = [200_000, 2_880_000];
  const graph = { numNodes, ...powerLawEdges({ numNodes, count }) };
  const rows = [2, 4, 8, 16, 32, 64, 128].map((K) => {
    const [plain, withHubs] = [0, numNodes / 100].map((hubs) => haloOf(graph, K, hubs));
    const share = (n: number): string => (n / replicated(numNodes, K)).toFixed(2);
    return [
      String(K),
      (replicated(numNodes, K) / numNodes).toFixed(2),
      (plain!.largest / numNodes).toFixed(2),
      share(plain!.largest),
      plain!.imbalance.toFixed(2),
      share(withHubs!.largest + replicated(numNodes / 100, K)),
      withHubs!.imbalance.toFixed(2),
    ];
  });
  const head = [
    ...["K", "replicated, /N", "halo, /N", "halo / replicated", "edges, largest / mean"],
    ...["with 1 % hubs / replicated", "edges, largest / mean"],
  ];
  console.log(`${numNodes} nodes, ${count} edges\n\n${table(head, rows)}`);
}

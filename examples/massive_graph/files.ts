/** The edges of the massive graph, as files that are read by shards. @module */
import { powerLawEdges } from "@meshwork/meshwork/datasets";

/** Writes the edges into two files, a piece at a time, unless a run before did. */
export async function writeGraph(folder: string, nodes: number, edges: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const isWhole = (name: string): Promise<boolean> =>
    Deno.stat(`${folder}/${name}`).then(({ size }) => size === 4 * edges, () => false);
  if (await isWhole("senders") && await isWhole("receivers")) return;
  for (let first = 0; first < edges; first += 500_000) {
    const count = Math.min(500_000, edges - first);
    const piece = powerLawEdges({ numNodes: nodes, first, count });
    for (const [name, ids] of Object.entries(piece)) {
      const how = first === 0 ? {} : { append: true };
      await Deno.writeFile(`${folder}/${name}`, new Uint8Array(ids.buffer), how);
    }
  }
}

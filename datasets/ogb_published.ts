/** The Open Graph Benchmark's data sets, downloaded when they are asked for. @module */
import { fetchArchive, type PublishedOptions } from "./fetch_archive.ts";
import { type OgbGraphs, openOgbGraphs } from "./ogb_graphs.ts";
import { type OgbNodes, openOgbNodes } from "./ogb_nodes.ts";

/** OGB's sets of molecules. */
export type OgbGraphsName =
  | "ogbg-molbace"
  | "ogbg-molbbbp"
  | "ogbg-molchembl"
  | "ogbg-molclintox"
  | "ogbg-molesol"
  | "ogbg-molfreesolv"
  | "ogbg-molhiv"
  | "ogbg-mollipo"
  | "ogbg-molmuv"
  | "ogbg-molpcba"
  | "ogbg-molsider"
  | "ogbg-moltox21"
  | "ogbg-moltoxcast";

/** OGB's large graphs of one kind of nodes. */
export type OgbNodesName = "ogbn-arxiv" | "ogbn-products" | "ogbn-proteins";

const HOME = "http://snap.stanford.edu/ogb/data";

/** What an archive is called where it is not the end of the name. */
const ARCHIVES: Readonly<Record<string, string>> = { mollipo: "lipophilicity" };

const GRAPHS: readonly OgbGraphsName[] = [
  "ogbg-molbace",
  "ogbg-molbbbp",
  "ogbg-molchembl",
  "ogbg-molclintox",
  "ogbg-molesol",
  "ogbg-molfreesolv",
  "ogbg-molhiv",
  "ogbg-mollipo",
  "ogbg-molmuv",
  "ogbg-molpcba",
  "ogbg-molsider",
  "ogbg-moltox21",
  "ogbg-moltoxcast",
];

/** The split that OGB prescribes, and whether it adds inverse edges. */
const NODES: Readonly<Record<OgbNodesName, { split: string; addInverseEdges: boolean }>> = {
  "ogbn-arxiv": { split: "time", addInverseEdges: false },
  "ogbn-products": { split: "sales_ranking", addInverseEdges: true },
  "ogbn-proteins": { split: "species", addInverseEdges: true },
};

/**
 * One of OGB's sets of molecules, from its home or where an earlier call put it, with OGB's
 * scaffold split and each bond in both directions, as OGB's own reader gives it.
 *
 * @param name `ogbg-molhiv`, `ogbg-molpcba`, `ogbg-moltox21`, `ogbg-molesol`, ...
 * @param options A mirror (`<base>/<archive>`), the folder that keeps OGB's sets, the archive's
 * hash.
 * @throws {RangeError} If there is no such set.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If the archive or a table in it is damaged.
 *
 * @example
 * ```ts ignore
 * const { graphs, splits } = await ogbGraphPropPred("ogbg-molhiv");
 * console.log(graphs.length, splits.train.length);
 * ```
 */
export async function ogbGraphPropPred(
  name: OgbGraphsName,
  options: PublishedOptions = {},
): Promise<OgbGraphs> {
  if (!GRAPHS.includes(name)) throw unknownName(name, GRAPHS);
  const short = name.slice("ogbg-".length);
  const archive = ARCHIVES[short] ?? short.slice("mol".length);
  const url = `${HOME}/graphproppred/csv_mol_download/${archive}.zip`;
  return await openOgbGraphs(await fetchArchive(url, "ogb", options));
}

/**
 * One of OGB's large graphs, from its home or where an earlier call put it, with OGB's own split,
 * and inverse edges where OGB adds them.
 *
 * @param name `ogbn-arxiv`, `ogbn-products` or `ogbn-proteins`.
 * @param options A mirror (`<base>/<archive>`), the folder that keeps OGB's sets, the archive's
 * hash.
 * @throws {RangeError} If there is no such set.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If the archive or a table in it is damaged.
 *
 * @example
 * ```ts ignore
 * const { nodes, labels, splits } = await ogbNodePropPred("ogbn-arxiv");
 * console.log(nodes!.shape, labels.shape, splits.train.length);
 * ```
 */
export async function ogbNodePropPred(
  name: OgbNodesName,
  options: PublishedOptions = {},
): Promise<OgbNodes> {
  if (!Object.hasOwn(NODES, name)) throw unknownName(name, Object.keys(NODES));
  const url = `${HOME}/nodeproppred/${name.slice("ogbn-".length)}.zip`;
  return await openOgbNodes(await fetchArchive(url, "ogb", options), NODES[name]);
}

function unknownName(name: string, names: readonly string[]): RangeError {
  return new RangeError(
    `Cannot download ${name} of the Open Graph Benchmark as it is not read here: expected one of ` +
      names.join(", "),
  );
}

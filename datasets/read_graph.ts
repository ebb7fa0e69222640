/** Graphs and molecules in text files, by path or address. @module */
import { type EdgeList, parseEdgeList } from "./formats/edge_list.ts";
import { type NodeLinkGraph, parseNodeLink } from "./formats/node_link.ts";
import { type Molecule, parseSdf } from "./formats/sdf.ts";
import { parseXyz, type XyzFrame } from "./formats/xyz.ts";
import { readBytes } from "./read_bytes.ts";

/**
 * Reads a list of edges, compressed by gzip or not: see {@linkcode parseEdgeList}.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If a line is not what it should be.
 *
 * @example
 * ```ts
 * import { readEdgeList } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { names, weights } = await readEdgeList(new TextEncoder().encode("a b 0.5\nb c 2\n"));
 * assertEquals([names, weights], [["a", "b", "c"], Float64Array.of(0.5, 2)]);
 * ```
 */
export async function readEdgeList(pathOrBytes: string | URL | Uint8Array): Promise<EdgeList> {
  const { bytes, place } = await readBytes(pathOrBytes, "a list of edges");
  return parseEdgeList(bytes, place);
}

/**
 * Reads a graph in JSON, compressed by gzip or not: see {@linkcode parseNodeLink}.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If it is no such JSON.
 *
 * @example
 * ```ts
 * import { readNodeLink, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { nodes, links } = await readNodeLink(sampleUrl("les_miserables", "miserables.json"));
 * assertEquals([nodes.length, links.length], [77, 254]);
 * ```
 */
export async function readNodeLink(pathOrBytes: string | URL | Uint8Array): Promise<NodeLinkGraph> {
  const { bytes, place } = await readBytes(pathOrBytes, "a graph in JSON");
  return parseNodeLink(new TextDecoder().decode(bytes), place);
}

/**
 * Reads molecules in SDF, version V2000, compressed by gzip or not: see {@linkcode parseSdf}.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If a record is not what it should be.
 *
 * @example
 * ```ts
 * import { readSdf } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = "argon\n\n\n  1  0  0  0               999 V2000\n" +
 *   "    0.0000    0.5000    0.0000 Ar  0  0\nM  END\n$$$$\n";
 * const [argon] = await readSdf(new TextEncoder().encode(text));
 * assertEquals(argon!.atoms, [{ symbol: "Ar", position: [0, 0.5, 0] }]);
 * ```
 */
export async function readSdf(pathOrBytes: string | URL | Uint8Array): Promise<Molecule[]> {
  const { bytes, place } = await readBytes(pathOrBytes, "SDF");
  return parseSdf(bytes, place);
}

/**
 * Reads molecules in XYZ, compressed by gzip or not: see {@linkcode parseXyz}.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @param options `qm9` allows lines behind the atoms of a single molecule, as in QM9's files.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If a line is not what it should be.
 *
 * @example
 * ```ts
 * import { readXyz } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const frames = await readXyz(new TextEncoder().encode("1\nat 0 fs\nAr 0 0 0\n1\nat 1 fs\nAr 0 0 1\n"));
 * assertEquals(frames.map(({ comment }) => comment), ["at 0 fs", "at 1 fs"]);
 * ```
 */
export async function readXyz(
  pathOrBytes: string | URL | Uint8Array,
  options: { readonly qm9?: boolean } = {},
): Promise<XyzFrame[]> {
  const { bytes, place } = await readBytes(pathOrBytes, "XYZ");
  return parseXyz(bytes, options, place);
}

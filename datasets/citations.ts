/**
 * Networks of citations between papers with words and topics, in the forms of the LINQS group (Sen
 * et al. 2008, "Collective Classification in Network Data", AI Magazine 29; Namata et al. 2012 for
 * Pubmed).
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { type DataFile, type DataFolder, dataFolder } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { fetchArchive, type PublishedOptions } from "./fetch_archive.ts";
import { ByteStream } from "./formats/byte_stream.ts";
import type { Place } from "./formats/data_format_error.ts";
import { growableFloat64, growableInt32 } from "./formats/growable.ts";
import { endOf, type Line, lineError, linesOf } from "./formats/lines.ts";

/** N papers and the E citations between them. */
export interface Citations {
  /** The paper's name in the files, `[N]`. */
  readonly names: readonly string[];
  /** Which words a paper has, or how much they weigh in it, float32 `[N, F]`. */
  readonly features: DataArray<Float32Array>;
  /** The topic of each paper, a place in `classes`, int32 `[N]`. */
  readonly labels: Int32Array;
  /** The names of the topics, sorted. */
  readonly classes: readonly string[];
  /** The paper that cites, int32 `[E]`. */
  readonly senders: Int32Array;
  /** The paper that is cited, int32 `[E]`. */
  readonly receivers: Int32Array;
  /** Citations left out as they name a paper that the set does not have. */
  readonly numDropped: number;
}

/** The published sets. */
export type CitationsName = "cora" | "citeseer" | "pubmed";

const HOME = "https://linqs-data.soe.ucsc.edu/public/lbc";

/** What the archives are called, and where their files lie in them. */
const ARCHIVES: Readonly<Record<CitationsName, { archive: string; files: string; name: string }>> =
  {
    cora: { archive: "cora", files: "", name: "cora" },
    citeseer: { archive: "citeseer", files: "", name: "citeseer" },
    pubmed: { archive: "Pubmed-Diabetes", files: "/data", name: "Pubmed-Diabetes" },
  };

/** Papers as they are read. */
interface Papers {
  readonly places: Map<string, number>;
  readonly topics: string[];
  readonly features: Float32Array;
  readonly width: number;
}

/**
 * Opens a network of citations: `<name>.content` (paper, words, topic) and `<name>.cites` (cited
 * paper, citing paper), as of Cora and CiteSeer, or `<name>.NODE.paper.tab` and
 * `<name>.DIRECTED.cites.tab`, as of Pubmed. Each citation is an edge from the citing paper to the
 * cited one.
 *
 * @param folderOrUrl The folder, on the disk or the web.
 * @param name What its files begin with; by default the name of the folder.
 * @throws {DataNotFoundError} If the files are missing.
 * @throws {DataFormatError} If a line is not what it should be; the message names line and byte.
 *
 * @example
 * ```ts
 * import { openCitations } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/two.content`, "a\t1\t0\tLogic\nb\t0\t1\tArt\n");
 * await Deno.writeTextFile(`${folder}/two.cites`, "a\tb\n");
 * const { classes, labels, senders, receivers } = await openCitations(folder, "two");
 * assertEquals([classes, [...labels]], [["Art", "Logic"], [1, 0]]);
 * assertEquals([[...senders], [...receivers]], [[1], [0]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function openCitations(
  folderOrUrl: string | URL,
  name?: string,
): Promise<Citations> {
  const folder = dataFolder(folderOrUrl);
  const prefix = name ?? folder.name.split(/[\\/]/).at(-1)!;
  const content = await folder.open(`${prefix}.content`);
  if (content) {
    const papers = readContent(await bytesOf(content), { file: content.name });
    const cites = await need(folder, `${prefix}.cites`);
    return network(papers, await bytesOf(cites), { file: cites.name }, citeOfPair);
  }
  const nodes = await need(folder, `${prefix}.NODE.paper.tab`, `${prefix}.content`);
  const papers = readTab(await bytesOf(nodes), { file: nodes.name });
  const cites = await need(folder, `${prefix}.DIRECTED.cites.tab`);
  return network(papers, await bytesOf(cites), { file: cites.name }, citeOfTab);
}

/**
 * A published network of citations, from its home or where an earlier call put it: `cora` (2,708
 * papers), `citeseer` (3,312), `pubmed` (19,717). These are the original files, all papers of them
 * labelled; which are to train on is left to the reader, as the usual split (Yang et al. 2016) is
 * of another form.
 *
 * @param name `cora`, `citeseer` or `pubmed`.
 * @param options A mirror (`<base>/<archive>.tgz`), the folder that keeps such sets, the archive's
 * hash.
 * @returns What {@linkcode openCitations} gives.
 * @throws {RangeError} If there is no such set.
 * @throws {DataNotFoundError} If it cannot be downloaded; the message says where to put it by hand.
 * @throws {DataFormatError} If the archive or a file in it is damaged.
 *
 * @example
 * ```ts ignore
 * const { features, labels, senders, receivers } = await citations("cora");
 * ```
 */
export async function citations(
  name: CitationsName,
  options: PublishedOptions = {},
): Promise<Citations> {
  if (!Object.hasOwn(ARCHIVES, name)) {
    throw new RangeError(
      `Cannot download the citations ${name} as there are none: expected one of ` +
        Object.keys(ARCHIVES).join(", "),
    );
  }
  const { archive, files, name: prefix } = ARCHIVES[name];
  const folder = await fetchArchive(`${HOME}/${archive}.tgz`, "citations", options);
  return await openCitations(`${folder}${files}`, prefix);
}

async function need(folder: DataFolder, file: string, or?: string): Promise<DataFile> {
  const opened = await folder.open(file);
  if (opened) return opened;
  throw new DataNotFoundError(
    `Cannot open ${folder.name} as a network of citations as a file is missing: ${
      folder.pathOf(file)
    }` +
      `${or ? ` or ${or}` : ""} (give the name that the files begin with)`,
  );
}

async function bytesOf({ chunks }: DataFile): Promise<Uint8Array> {
  return await new ByteStream(chunks).take(Number.MAX_SAFE_INTEGER);
}

const CONTENT = "papers of a network of citations";
const CITES = "citations";

/** Papers as lines of a name, a number for each word, and a topic. */
function readContent(bytes: Uint8Array, place: Place): Papers {
  const places = new Map<string, number>();
  const topics: string[] = [];
  const features = growableFloat64();
  let width = -1;
  for (const line of linesOf(bytes)) {
    if (line.text === "") continue;
    const fields = line.text.split("\t");
    if (width < 0) width = fields.length - 2;
    if (fields.length !== width + 2 || width < 0) {
      throw lineError(CONTENT, place, line, `a name, ${Math.max(width, 0)} numbers and a topic`);
    }
    addPaper(places, fields[0]!, place, line);
    topics.push(fields.at(-1)!);
    for (let i = 1; i <= width; i++) features.push(weightOf(fields[i]!, place, line));
  }
  return {
    places,
    topics,
    features: Float32Array.from(features.finish()),
    width: Math.max(width, 0),
  };
}

function addPaper(places: Map<string, number>, name: string, place: Place, line: Line): void {
  if (places.has(name)) throw lineError(CONTENT, place, line, `each paper once, ${name} twice`);
  places.set(name, places.size);
}

function weightOf(text: string, place: Place, line: Line): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw lineError(CONTENT, place, line, `numbers, one of which is ${JSON.stringify(text)}`);
}

/** Papers as lines of a name, `label=1`, and `w-word=0.1` for the words that they have. */
function readTab(bytes: Uint8Array, place: Place): Papers {
  const [, head = endOf(bytes, 1), ...lines] = linesOf(bytes);
  const words = [...head.text.matchAll(/(?:^|\t)numeric:([^:\t]+):/g)].map(([, word]) => word!);
  const columns = new Map(words.map((word, i) => [word, i]));
  if (words.length === 0) throw lineError(CONTENT, place, head, "the names of the words");
  const papers = lines.filter(({ text }) => text !== "");
  // A line that is damaged may name any number of words, but the table has those of the head.
  const features = new Float32Array(papers.length * words.length);
  const places = new Map<string, number>();
  const topics = papers.map((line, paper) => {
    const [name, ...fields] = line.text.split("\t");
    addPaper(places, name!, place, line);
    let topic: string | undefined;
    for (const field of fields) {
      const [key, value = ""] = field.split("=");
      const column = columns.get(key!);
      if (key === "label") topic = value;
      else if (column !== undefined) {
        features[paper * words.length + column] = weightOf(value, place, line);
      } else if (key !== "summary") {
        throw lineError(CONTENT, place, line, `words of the head, not ${key}`);
      }
    }
    if (topic === undefined) throw lineError(CONTENT, place, line, "a label");
    return topic;
  });
  return { places, topics, features, width: words.length };
}

/** The citing and the cited paper of a line; null where it is no citation. */
type ReadCite = (line: Line, place: Place) => readonly [citing: string, cited: string] | null;

function citeOfPair(line: Line, place: Place): readonly [string, string] {
  const [cited, citing, ...rest] = line.text.split(/\s+/);
  if (cited && citing && rest.length === 0) return [citing, cited];
  throw lineError(CITES, place, line, "the cited and the citing paper");
}

function citeOfTab(line: Line, place: Place): readonly [string, string] | null {
  if (line.record < 2) return null;
  const [, citing, cited] = /^\S+\s+paper:(\S+)\s+\|\s+paper:(\S+)$/.exec(line.text) ?? [];
  if (citing && cited) return [citing, cited];
  throw lineError(CITES, place, line, "two papers");
}

function network(
  { places, topics, features, width }: Papers,
  cites: Uint8Array,
  place: Place,
  readCite: ReadCite,
): Citations {
  const classes = [...new Set(topics)].sort();
  const classOf = new Map(classes.map((topic, i) => [topic, i]));
  const [senders, receivers] = [growableInt32(), growableInt32()];
  let numDropped = 0;
  for (const line of linesOf(cites)) {
    const cite = line.text === "" ? null : readCite(line, place);
    if (!cite) continue;
    const [from, to] = cite.map((name) => places.get(name));
    if (from === undefined || to === undefined) {
      numDropped++;
      continue;
    }
    senders.push(from);
    receivers.push(to);
  }
  return {
    names: [...places.keys()],
    features: { shape: [topics.length, width], data: features },
    labels: Int32Array.from(topics, (topic) => classOf.get(topic)!),
    classes,
    senders: senders.finish(),
    receivers: receivers.finish(),
    numDropped,
  };
}

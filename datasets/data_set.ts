/**
 * Data sets that stream from a file: metadata at once, items one by one, as often as wanted.
 * @module
 */
import type { DataFile, DataFolder } from "./data_folder.ts";
import { readText } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { decodeTfRecords, type TfRecord } from "./formats/tfrecord.ts";

/** The splits that the published data sets have. */
const SPLITS = ["train", "valid", "test"];

/**
 * One split of a data set. Each `for await` reads it anew from the beginning, one item in memory at
 * a time.
 *
 * @template Metadata What the data set says of itself.
 * @template Item What it holds.
 */
export interface DataSet<Metadata, Item> extends AsyncIterable<Item> {
  /** The name of the data set: that of its folder. */
  readonly name: string;
  /** The split that is iterated. */
  readonly split: string;
  /** All splits that there are. */
  readonly splits: readonly string[];
  /** What the data set's own metadata file says, under its own names. */
  readonly metadata: Metadata;
  /**
   * A data card: the name, the splits, the fields with their shapes and dtypes, frames, time step.
   */
  describe(): string;
}

/** What {@linkcode splitDataSet} needs to know of a format. */
export interface SplitFormat<Metadata, Item> {
  /** The name of the format, for errors: `MeshGraphNets`. */
  readonly name: string;
  /** The file that holds the metadata. */
  readonly metadataFile: string;
  /** How the files of splits end: `.tfrecord`. */
  readonly ending: string;
  /** Reads and checks the metadata. */
  readonly parseMetadata: (text: string, file: string) => Metadata;
  /** The items of a split's file, anew with each call; null if there is no such file any more. */
  readonly read: (
    folder: DataFolder,
    file: string,
    metadata: Metadata,
  ) => Promise<AsyncIterable<Item> | null>;
  /** The lines of the data card below the splits. */
  readonly describe: (metadata: Metadata) => string[];
}

/**
 * Opens a split kept as one file beside a metadata file.
 *
 * @throws {DataNotFoundError} If the folder, the metadata or the split does not exist.
 * @throws {DataFormatError} If the metadata are not what the format says.
 */
export async function splitDataSet<Metadata, Item>(
  folder: DataFolder,
  split: string,
  format: SplitFormat<Metadata, Item>,
): Promise<DataSet<Metadata, Item>> {
  const metadata = await readMetadata(folder, format);
  const splits = await splitsOf(folder, format.ending, split);
  if (!splits.includes(split)) throw missingSplit(folder, split, splits, format);
  const name = folder.name.split(/[\\/]/).at(-1)!;
  const card = [`${name}: ${format.name}, split ${split} of ${splits.join(", ")}`];
  return {
    ...DISPLAYED,
    name,
    split,
    splits,
    metadata,
    describe: () => [...card, ...format.describe(metadata)].join("\n"),
    async *[Symbol.asyncIterator]() {
      const items = await format.read(folder, `${split}${format.ending}`, metadata);
      if (!items) throw missingSplit(folder, split, splits, format);
      yield* items;
    },
  };
}

/** Notebooks show the data card. */
const DISPLAYED = {
  [Symbol.for("Jupyter.display")](this: { describe(): string }): Record<string, string> {
    return { "text/plain": this.describe() };
  },
};

/** Reads splits kept as TFRecord files, record by record. */
export function readRecords<Metadata, Item>(
  decode: (record: TfRecord, metadata: Metadata, file: string) => Item,
): Pick<SplitFormat<Metadata, Item>, "ending" | "read"> {
  async function* items(opened: DataFile, metadata: Metadata): AsyncGenerator<Item> {
    const { name: file, size, chunks } = opened;
    // Fields are copies, as their bytes lie at any place, so the record's buffer can be filled
    // again.
    for await (const record of decodeTfRecords(chunks, { file, size, reusesBuffer: true })) {
      yield decode(record, metadata, file);
    }
  }
  return {
    ending: ".tfrecord",
    async read(folder, file, metadata) {
      const opened = await folder.open(file);
      return opened && items(opened, metadata);
    },
  };
}

async function readMetadata<Metadata, Item>(
  folder: DataFolder,
  { name, metadataFile, ending, parseMetadata }: SplitFormat<Metadata, Item>,
): Promise<Metadata> {
  const file = folder.pathOf(metadataFile);
  const opened = await folder.open(metadataFile);
  if (!opened) {
    throw new DataNotFoundError(
      `Cannot open ${folder.name} as a ${name} data set: expected the file ${file}, found none ` +
        `(give the folder that holds ${metadataFile} and the ${ending} files)`,
    );
  }
  let text: string;
  try {
    text = await readText(opened);
  } catch (error) {
    throw new DataFormatError(
      `Cannot read ${file} as ${name} metadata: reading failed: ${(error as Error).message} ` +
        `(the transfer was cut: try again)`,
      { file },
      { cause: error },
    );
  }
  return parseMetadata(text, file);
}

/** The usual splits, and the wanted one, as far as they exist. */
export async function splitsOf(
  folder: DataFolder,
  ending: string,
  wanted?: string,
): Promise<string[]> {
  const candidates = [...new Set([...SPLITS, wanted ?? SPLITS[0]!])];
  const exists = await Promise.all(candidates.map((split) => folder.has(`${split}${ending}`)));
  return candidates.filter((_, i) => exists[i]);
}

function missingSplit(
  folder: DataFolder,
  split: string,
  splits: readonly string[],
  { name, ending }: { readonly name: string; readonly ending: string },
): DataNotFoundError {
  const existing = splits.length === 0 ? "no split" : `the splits ${splits.join(", ")}`;
  return new DataNotFoundError(
    `Cannot open split "${split}" of ${folder.name} as a ${name} data set: expected the file ` +
      `${
        folder.pathOf(`${split}${ending}`)
      }, found ${existing} (open one of those, or add the file)`,
  );
}

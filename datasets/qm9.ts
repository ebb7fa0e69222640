/**
 * QM9: small organic molecules with their geometry and quantum-chemical properties (Ramakrishnan et
 * al. 2014, "Quantum chemistry structures and properties of 134 kilo molecules", Scientific Data
 * 1).
 *
 * @module
 */
import { type CsvRecord, csvRecords } from "./formats/csv.ts";
import { DataFormatError, type Place } from "./formats/data_format_error.ts";
import type { Atom } from "./formats/sdf.ts";
import { readBytes } from "./read_bytes.ts";
import { sampleUrl } from "./samples/mod.ts";

/** A molecule of QM9. */
export interface Qm9Molecule {
  /** Its number in QM9, from 1. */
  readonly index: number;
  /** Its structure as SMILES. */
  readonly smiles: string;
  /** Its structure as InChI. */
  readonly inchi: string;
  /** Symbols and positions, in Ångström. */
  readonly atoms: readonly Atom[];
  /** The Mulliken charge of each atom, in elementary charges. */
  readonly charges: Float64Array;
  /** Harmonic frequencies, in 1/cm. */
  readonly frequencies: Float64Array;
  /** Its properties, by the file's names, which end in the unit: `Dipole_debye`, `HOMO_au`. */
  readonly properties: Readonly<Record<string, number>>;
}

/** Columns that are no properties. */
const STRUCTURE = [
  "XYZ_file",
  "Index",
  "SMILES",
  "InChi",
  "N_atoms",
  "Stoichiometry",
  "Elements",
  "XYZ_Ang",
  "Mulliken_pop",
  "Harmonic_Freq_cmi",
] as const;

type Fail = (expected: string, actual: string) => DataFormatError;

/**
 * Reads molecules of QM9 in the CSV form of the package qm9pack, compressed by gzip or not: one
 * molecule a record, with lists of its atoms' symbols, positions and charges. QM9's own files are
 * read by {@linkcode readXyz}.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes; by
 *   default the first 300 molecules of QM9, which come with the package.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If a record is not what it should be; the message names record and
 * byte.
 *
 * @example
 * ```ts
 * import { qm9 } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const [methane, ammonia] = await qm9();
 * assertEquals(methane!.atoms.map(({ symbol }) => symbol).join(""), "CHHHH");
 * assertEquals([ammonia!.smiles, ammonia!.properties.Dipole_debye], ["N", 1.6256]);
 * ```
 */
export async function qm9(
  pathOrBytes: string | URL | Uint8Array = sampleUrl("qm9_mini", "qm9.csv.gz"),
): Promise<Qm9Molecule[]> {
  const { bytes, place } = await readBytes(pathOrBytes, "QM9");
  const records = csvRecords(bytes, place);
  const { value: head, done } = records.next();
  const missing = STRUCTURE.find((name) => done || !head.fields.includes(name));
  if (done || missing) {
    throw failer(place, { record: 0, byteOffset: 0 })(
      `the columns ${STRUCTURE.join(", ")}`,
      done ? "nothing" : `none ${missing}`,
    );
  }
  return Array.from(records, (record) => readMolecule(head.fields, record, place));
}

function readMolecule(names: readonly string[], record: CsvRecord, place: Place): Qm9Molecule {
  const fail = failer(place, record);
  const row = Object.fromEntries(names.map((name, i) => [name, record.fields[i]!]));
  const count = numberOf("N_atoms", row, fail);
  const symbols = listOf<string>("Elements", row, count, (item) => typeof item === "string", fail);
  const positions = listOf<number[]>("XYZ_Ang", row, count, isPoint, fail);
  const isStructure = (name: string): boolean => (STRUCTURE as readonly string[]).includes(name);
  return {
    index: numberOf("Index", row, fail),
    smiles: row.SMILES!,
    inchi: row.InChi!,
    atoms: symbols.map((symbol, i): Atom => ({
      symbol,
      position: positions[i] as [number, number, number],
    })),
    charges: Float64Array.from(listOf<number>("Mulliken_pop", row, count, isNumber, fail)),
    frequencies: Float64Array.from(listOf<number>("Harmonic_Freq_cmi", row, null, isNumber, fail)),
    properties: Object.fromEntries(
      names.filter((name) => !isStructure(name)).map((name) => [name, numberOf(name, row, fail)]),
    ),
  };
}

function isNumber(item: unknown): boolean {
  return typeof item === "number" && Number.isFinite(item);
}

function isPoint(item: unknown): boolean {
  return Array.isArray(item) && item.length === 3 && item.every(isNumber);
}

function numberOf(name: string, row: Record<string, string>, fail: Fail): number {
  const text = row[name]!;
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw fail(`a number as ${name}`, JSON.stringify(text));
}

/** A list in Python's syntax, with a length that is given. */
function listOf<T>(
  name: string,
  row: Record<string, string>,
  length: number | null,
  isItem: (item: unknown) => boolean,
  fail: Fail,
): T[] {
  const text = row[name]!;
  let list: unknown;
  try {
    // Python writes 'C' and 1. where JSON has "C" and 1.0.
    list = JSON.parse(text.replaceAll("'", '"').replace(/(\d)\.(?!\d)/g, "$1.0"));
  } catch {
    list = null;
  }
  if (Array.isArray(list) && list.every(isItem) && list.length === (length ?? list.length)) {
    return list;
  }
  throw fail(`a list of ${length ?? "numbers"} as ${name}`, JSON.stringify(text.slice(0, 60)));
}

function failer(
  place: Place,
  { record, byteOffset }: Pick<CsvRecord, "record" | "byteOffset">,
): Fail {
  return (expected, actual) =>
    new DataFormatError(
      `Cannot read ${
        place.file ?? "the given bytes"
      } as QM9: expected ${expected} in record ${record} ` +
        `at byte ${byteOffset}, got ${actual} (the file is damaged or of another kind: copy it again)`,
      { ...place, record, byteOffset },
    );
}

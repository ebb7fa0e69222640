/** Molecules in the SDF format, version V2000. @module */
import type { Place } from "./data_format_error.ts";
import { endOf, type Line, lineError, linesOf } from "./lines.ts";

/** An atom of a molecule. */
export interface Atom {
  /** The element's symbol, such as `"C"`. */
  readonly symbol: string;
  /** Where it lies, in Ångström. */
  readonly position: readonly [x: number, y: number, z: number];
}

/** A bond between two atoms. */
export interface Bond {
  /** Places of the atoms among the molecule's, from 0. */
  readonly atoms: readonly [number, number];
  /** 1 single, 2 double, 3 triple, 4 aromatic. */
  readonly order: number;
}

/** A molecule, with the properties that its record names. */
export interface Molecule {
  /** The first line of its record. */
  readonly name: string;
  /** Its atoms, in the order of the record. */
  readonly atoms: readonly Atom[];
  /** Its bonds, each of two atoms once. */
  readonly bonds: readonly Bond[];
  /** What the record says beside the structure, by name; several lines are kept as such. */
  readonly properties: Readonly<Record<string, string>>;
}

const FORMAT = "SDF";

/** The line that ends a record. */
const END = "$$$$";

/** Symbols of elements, and what stands for several of them or for none. */
const SYMBOL = /^([A-Z][A-Za-z]{0,2}|\*|R#)$/;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Reads one record, line by line; its fields stand in columns. */
class RecordReader {
  readonly #lines: readonly Line[];
  readonly #end: Line;
  readonly #place: Place;
  #at = 0;

  constructor(lines: readonly Line[], end: Line, place: Place) {
    this.#lines = lines;
    this.#end = end;
    this.#place = place;
  }

  molecule(): Molecule {
    const name = this.#next().text;
    this.#next();
    this.#next();
    const counts = this.#next();
    const [numAtoms, numBonds] = [0, 3].map((from) => wholeOf(counts, from)) as [number, number];
    if (!counts.text.includes("V2000") || !(numAtoms >= 0 && numBonds >= 0)) {
      throw this.#error(counts, "the numbers of atoms and bonds, and V2000");
    }
    const atoms = Array.from({ length: numAtoms }, (_, i) => this.#atom(i, numAtoms));
    const bonds = Array.from({ length: numBonds }, (_, i) => this.#bond(i, numBonds, numAtoms));
    this.#passBlock();
    return { name, atoms, bonds, properties: this.#properties() };
  }

  #atom(i: number, count: number): Atom {
    const line = this.#next();
    const fields = [0, 10, 20].map((from) => fieldOf(line, from, 10));
    const symbol = fieldOf(line, 31, 3);
    if (SYMBOL.test(symbol) && fields.every((field) => DECIMAL.test(field))) {
      return { symbol, position: fields.map(Number) as [number, number, number] };
    }
    throw this.#error(line, `atom ${i} of ${count}, three coordinates and a symbol`);
  }

  #bond(i: number, count: number, numAtoms: number): Bond {
    const line = this.#next();
    const [first, second, order] = [0, 3, 6].map((from) => wholeOf(line, from)) as [
      number,
      number,
      number,
    ];
    const isAtom = (number: number): boolean => number >= 1 && number <= numAtoms;
    if (isAtom(first) && isAtom(second) && order >= 1) {
      return { atoms: [first - 1, second - 1], order };
    }
    throw this.#error(line, `bond ${i} of ${count}, two of ${numAtoms} atoms and an order`);
  }

  /** Charges, isotopes and the like, up to the line that ends the structure. */
  #passBlock(): void {
    for (let line = this.#next(); line.text.trimEnd() !== "M  END"; line = this.#next()) {
      if (!/^([MAVG] {2}|S {2}SKP)/.test(line.text)) {
        throw this.#error(line, "M  END behind the bonds");
      }
      // The text of a group or an alias has a line of its own.
      if (/^[AG]/.test(line.text)) this.#next();
    }
  }

  /** `> <NAME>`, then lines up to an empty one. */
  #properties(): Record<string, string> {
    const properties: [string, string][] = [];
    for (let line = this.#lines[this.#at++]; line; line = this.#lines[this.#at++]) {
      if (line.text.trim() === "") continue;
      const [, name] = /^>.*<([^>]+)>/.exec(line.text) ?? [];
      if (name === undefined) throw this.#error(line, "> <NAME> of a property, or $$$$");
      const value: string[] = [];
      while ((this.#lines[this.#at]?.text ?? "").trim() !== "") {
        value.push(this.#lines[this.#at++]!.text);
      }
      properties.push([name, value.join("\n")]);
    }
    return Object.fromEntries(properties);
  }

  #next(): Line {
    return this.#lines[this.#at++] ?? this.#end;
  }

  #error(line: Line, expected: string): Error {
    const record = this.#place.record!;
    return lineError(FORMAT, this.#place, { ...line, record }, expected, `record ${record}`);
  }
}

function fieldOf({ text }: Line, from: number, width: number): string {
  return text.slice(from, from + width).trim();
}

/** The whole number in three columns; NaN where there is none. */
function wholeOf(line: Line, from: number): number {
  const field = fieldOf(line, from, 3);
  return /^\d+$/.test(field) ? Number(field) : NaN;
}

/**
 * Reads the molecules of an SDF file.
 *
 * @param bytes The file: records that end with a line `$$$$`, which the last one may lack.
 * @param place The file's name, for errors.
 * @throws {DataFormatError} If a record is cut, damaged or not of version V2000; the message names
 * record and byte.
 *
 * @example Carbon monoxide
 * ```ts
 * import { parseSdf } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const [molecule] = parseSdf(new TextEncoder().encode(`CO
 * (program)
 * (comment)
 *   2  1  0  0  0  0  0  0  0  0999 V2000
 *     0.0000    0.0000    0.0000 C   0  0
 *     1.1280    0.0000    0.0000 O   0  0
 *   1  2  3  0
 * M  END
 * > <DIPOLE>
 * 0.122
 *
 * $$$$
 * `));
 * assertEquals(molecule!.atoms.map(({ symbol }) => symbol), ["C", "O"]);
 * assertEquals(molecule!.bonds, [{ atoms: [0, 1], order: 3 }]);
 * assertEquals(molecule!.properties, { DIPOLE: "0.122" });
 * ```
 */
export function parseSdf(bytes: Uint8Array, place: Place = {}): Molecule[] {
  const molecules: Molecule[] = [];
  let lines: Line[] = [];
  const finish = (end: Line): void => {
    const inRecord = { ...place, record: molecules.length };
    molecules.push(new RecordReader(lines, end, inRecord).molecule());
    lines = [];
  };
  for (const line of linesOf(bytes, { trim: false })) {
    if (line.text.startsWith(END)) finish(line);
    else lines.push(line);
  }
  if (lines.some(({ text }) => text.trim() !== "")) finish(endOf(bytes, 0));
  return molecules;
}

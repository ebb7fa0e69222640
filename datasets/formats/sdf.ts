/** Molecules in the SDF format, version V2000. @module */
import { DataFormatError, describePlace, type Place } from "./data_format_error.ts";

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
  /** What the record says beside the structure, by name. */
  readonly properties: Readonly<Record<string, string>>;
}

function parseRecord(text: string, place: Place): Molecule {
  const lines = text.split(/\r?\n/);
  const [name = "", , , counts = ""] = lines;
  const numbers = [0, 3].map((at) => counts.slice(at, at + 3)).map((n) => n.trim() && Number(n));
  const [numAtoms, numBonds] = numbers as [number, number];
  if (!counts.includes("V2000") || !numbers.every(Number.isInteger)) {
    throw new DataFormatError(
      `Cannot read a molecule as its fourth line must count atoms and bonds in version V2000: ` +
        `got ${JSON.stringify(counts)}, ${describePlace(place)}`,
      place,
    );
  }
  const atoms = lines.slice(4, 4 + numAtoms).map((line): Atom => ({
    symbol: line.slice(31, 34).trim(),
    position: [0, 10, 20].map((at) => Number(line.slice(at, at + 10))) as [number, number, number],
  }));
  const bonds = lines.slice(4 + numAtoms, 4 + numAtoms + numBonds).map((line): Bond => ({
    atoms: [Number(line.slice(0, 3)) - 1, Number(line.slice(3, 6)) - 1],
    order: Number(line.slice(6, 9)),
  }));
  const exist = ({ atoms: [a, b], order }: Bond): boolean =>
    [a, b].every((i) => Number.isInteger(i) && i >= 0 && i < numAtoms) && order >= 1;
  const whole = atoms.length === numAtoms && bonds.length === numBonds &&
    atoms.every(({ symbol, position }) => symbol !== "" && position.every(Number.isFinite));
  if (!whole || !bonds.every(exist)) {
    throw new DataFormatError(
      `Cannot read a molecule as it must have ${numAtoms} atoms, and ${numBonds} bonds between ` +
        `them: ${JSON.stringify(name)} is cut or damaged, ${describePlace(place)}`,
      place,
    );
  }
  const properties = Object.fromEntries(
    [...text.matchAll(/^> *<([^>]+)>.*\r?\n(.*)/gm)].map(([, key, value]) => [key, value]),
  );
  return { name, atoms, bonds, properties };
}

/**
 * Reads the molecules of an SDF file.
 *
 * @param text The file's text: records that end with a line `$$$$`.
 * @param place Where the text is from, for errors.
 * @throws {DataFormatError} If a record is cut, damaged or not of version V2000; it names the
 * record.
 *
 * @example Carbon monoxide
 * ```ts
 * import { parseSdf } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const [molecule] = parseSdf(`CO
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
 * `);
 * assertEquals(molecule!.atoms.map(({ symbol }) => symbol), ["C", "O"]);
 * assertEquals(molecule!.bonds, [{ atoms: [0, 1], order: 3 }]);
 * assertEquals(molecule!.properties, { DIPOLE: "0.122" });
 * ```
 */
export function parseSdf(text: string, place: Place = {}): Molecule[] {
  const records = text.split(/^\$\$\$\$[^\n]*\n?/m);
  if (records.at(-1)!.trim() === "") records.pop();
  return records.map((record, i) => parseRecord(record, { ...place, record: i }));
}

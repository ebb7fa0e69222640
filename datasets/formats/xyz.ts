/** Molecules in the XYZ format. @module */
import type { Place } from "./data_format_error.ts";
import { endOf, type Line, lineError, linesOf } from "./lines.ts";
import type { Atom } from "./sdf.ts";

/** One molecule, or one moment of it. */
export interface XyzFrame {
  /** The line above the atoms, which each program uses as it likes. */
  readonly comment: string;
  /** Symbols and positions; in Ångström by custom. */
  readonly atoms: readonly Atom[];
  /** The further fields of each atom's line: charges, velocities. */
  readonly extras: readonly (readonly string[])[];
  /** Lines behind the atoms, as QM9's files have them: frequencies, SMILES, InChI. */
  readonly trailer: readonly string[];
}

const FORMAT = "XYZ";

/** QM9 writes some numbers in Mathematica's way: `-1.5*^-6`. */
function numberOf(field: string | undefined): number {
  const plain = field?.replace("*^", "e") ?? "";
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

/**
 * Reads a file in XYZ: one molecule, or the moments of a trajectory one after another. Each has a
 * line with the number of atoms, a comment, and a line an atom: symbol (or atomic number) and three
 * coordinates.
 *
 * @param bytes The file.
 * @param options `qm9` allows lines behind the atoms of a single molecule, as in QM9's files.
 * @param place The file's name, for errors.
 * @throws {DataFormatError} If the file is cut or a line is not what it should be; the message
 *   names line and byte.
 *
 * @example
 * ```ts
 * import { parseXyz } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const [frame] = parseXyz(new TextEncoder().encode("1\nhelium\nHe 0 0 0.5\n"));
 * assertEquals(frame!.atoms, [{ symbol: "He", position: [0, 0, 0.5] }]);
 * ```
 */
export function parseXyz(
  bytes: Uint8Array,
  { qm9 = false }: { readonly qm9?: boolean } = {},
  place: Place = {},
): XyzFrame[] {
  const frames: XyzFrame[] = [];
  const lines = linesOf(bytes);
  let last = 0;
  const next = (): Line => {
    const { done, value } = lines.next();
    last++;
    return done ? endOf(bytes, last) : value;
  };
  for (let line = next(); line.byteOffset < bytes.length; line = next()) {
    if (line.text === "") continue;
    if (frames.length > 0 && qm9) {
      (frames[0]!.trailer as string[]).push(line.text);
      continue;
    }
    const count = /^\d+$/.test(line.text) ? Number(line.text) : NaN;
    if (!(count <= bytes.length)) {
      throw lineError(FORMAT, place, line, "a number of atoms that the file can hold");
    }
    const { text: comment } = next();
    const atoms: Atom[] = [];
    const extras: string[][] = [];
    for (let i = 0; i < count; i++) {
      const atomLine = next();
      const [symbol, x, y, z, ...rest] = atomLine.text.split(/\s+/);
      const position = [numberOf(x), numberOf(y), numberOf(z)] as const;
      if (!symbol || position.some(Number.isNaN) || !/^([A-Z][a-z]{0,2}|\d{1,3})$/.test(symbol)) {
        throw lineError(
          FORMAT,
          place,
          atomLine,
          `atom ${i} of ${count}, a symbol and three numbers`,
        );
      }
      atoms.push({ symbol, position });
      extras.push(rest);
    }
    frames.push({ comment, atoms, extras, trailer: [] });
  }
  return frames;
}

/** The header of PLY files: which elements follow, and what each is made of. @module */
import type { ByteCursor } from "./byte_cursor.ts";
import { type ScalarName, SCALARS, type ScalarType } from "./scalar_type.ts";

/** A value of an element, or a list of them with its length before it. */
export interface PlyProperty {
  readonly name: string;
  readonly type: ScalarType;
  /** The type of the list's length; null where it is one value. */
  readonly lengthType: ScalarType | null;
}

/** A kind of thing that the file has so many of. */
export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: PlyProperty[];
}

/** What the header says. */
export interface PlyHeader {
  readonly encoding: "ascii" | "binary_little_endian" | "binary_big_endian";
  readonly elements: PlyElement[];
}

/** The names of C beside those with sizes. */
const C_NAMES: Readonly<Record<string, ScalarName>> = {
  char: "int8",
  uchar: "uint8",
  short: "int16",
  ushort: "uint16",
  int: "int32",
  uint: "uint32",
  long: "int64",
  ulong: "uint64",
  float: "float32",
  double: "float64",
};

function scalarType(cursor: ByteCursor): ScalarType {
  cursor.skipSpace();
  const start = cursor.position;
  const word = cursor.word();
  const name = Object.hasOwn(C_NAMES, word) ? C_NAMES[word]! : word;
  if (Object.hasOwn(SCALARS, name)) return SCALARS[name as ScalarName];
  return cursor.fail(`a type, such as ${Object.keys(C_NAMES).join(", ")}`, start);
}

function readProperty(cursor: ByteCursor): PlyProperty {
  cursor.skipSpace();
  const start = cursor.position;
  const isList = cursor.word() === "list";
  if (!isList) cursor.position = start;
  const lengthType = isList ? scalarType(cursor) : null;
  const type = scalarType(cursor);
  const name = cursor.isAtLineEnd() ? cursor.fail("the name of a property") : cursor.word();
  return { name, type, lengthType };
}

/** Reads the header; the cursor then stands at the first element. */
export function readPlyHeader(cursor: ByteCursor): PlyHeader {
  if (cursor.word() !== "ply") cursor.fail("ply", 0);
  const elements: PlyElement[] = [];
  let encoding: PlyHeader["encoding"] | undefined;
  for (;;) {
    cursor.skipSpace();
    const start = cursor.position;
    const word = cursor.word();
    if (word === "end_header") {
      if (encoding === undefined) cursor.fail("format and an encoding before the end", start);
      cursor.skipLine();
      return { encoding: encoding!, elements };
    }
    if (word === "format") encoding = readEncoding(cursor);
    else if (word === "element") {
      const name = cursor.word();
      elements.push({
        name,
        count: cursor.count(`the number of elements ${name}`),
        properties: [],
      });
    } else if (word === "property" && elements.length > 0) {
      elements.at(-1)!.properties.push(readProperty(cursor));
    } else if (word !== "comment" && word !== "obj_info") {
      cursor.fail("format, element, property, comment or end_header", start);
    }
    cursor.skipLine();
  }
}

function readEncoding(cursor: ByteCursor): PlyHeader["encoding"] {
  cursor.skipSpace();
  const start = cursor.position;
  const word = cursor.word();
  if (word === "ascii" || word === "binary_little_endian" || word === "binary_big_endian") {
    return word;
  }
  return cursor.fail("ascii, binary_little_endian or binary_big_endian", start);
}

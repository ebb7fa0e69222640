/** Gmsh's mesh files, MSH. @module */
import { ByteCursor } from "./byte_cursor.ts";
import type { Place } from "./data_format_error.ts";
import { GmshParts, type GmshView } from "./gmsh_parts.ts";
import {
  type PhysicalTags,
  readElements2,
  readElements4,
  readEntities,
  readNodes2,
  readNodes4,
  readView,
} from "./gmsh_sections.ts";
import { GmshValues } from "./gmsh_values.ts";
import type { Mesh } from "./mesh.ts";

/** Reads one section up to its end mark. */
type SectionReader = () => void;

/** Passes over a section to the line that ends it. */
function skipSection(cursor: ByteCursor, name: string): void {
  const mark = new TextEncoder().encode(`$End${name}`);
  const start = cursor.position;
  for (let at = start;; at++) {
    at = cursor.bytes.indexOf(mark[0]!, at);
    if (at < 0) cursor.fail(`$End${name} somewhere behind`, start);
    if (!mark.every((byte, i) => cursor.bytes[at + i] === byte)) continue;
    cursor.position = at;
    return;
  }
}

/** The version, and how numbers are written. */
function readHeader(cursor: ByteCursor): { isVersion4: boolean; values: GmshValues } {
  cursor.skipSpace();
  const start = cursor.position;
  const version = cursor.word();
  const isVersion4 = version === "4" || version === "4.1";
  if (!isVersion4 && !/^2(\.[0-2])?$/.test(version)) {
    cursor.fail("version 2.2 or 4.1 (Gmsh saves as either, -format msh41)", start);
  }
  const isText = cursor.integer("0 for text or 1 for binary", 0, 1) === 0;
  const sizeStart = cursor.position;
  const size = cursor.integer("the size of an integer");
  if (size !== 4 && size !== 8) cursor.fail("4 or 8 bytes of an integer", sizeStart, `${size}`);
  cursor.skipLine();
  let isLittle = true;
  if (!isText) {
    if (cursor.left < 4) cursor.fail("the integer 1 in bytes");
    isLittle = cursor.view.getInt32(cursor.position, true) === 1;
    if (!isLittle && cursor.view.getInt32(cursor.position) !== 1) {
      cursor.fail("the integer 1 in bytes");
    }
    cursor.position += 4;
  }
  return { isVersion4, values: new GmshValues(cursor, isText, size, isLittle) };
}

/** The sections that hold the mesh, by name; others are passed over, as the format asks. */
function sectionsOf(
  values: GmshValues,
  isVersion4: boolean,
  parts: GmshParts,
): Record<string, SectionReader> {
  let physicalTags: PhysicalTags = new Map();
  const keep = (views: GmshView[]) => {
    const view = readView(values);
    // Steps of one view have its name; the others get a number.
    const same = views.filter(({ name }) => name.replace(/:\d+$/, "") === view.name).length;
    views.push(same === 0 ? view : { ...view, name: `${view.name}:${same}` });
  };
  return {
    NodeData: () => keep(parts.nodeViews),
    ElementData: () => keep(parts.elementViews),
    ...(isVersion4
      ? {
        Entities: () => physicalTags = readEntities(values),
        Nodes: () => readNodes4(values, parts),
        Elements: () => readElements4(values, parts, physicalTags),
      }
      : {
        Nodes: () => readNodes2(values, parts),
        Elements: () => readElements2(values, parts),
      }),
  };
}

/**
 * Reads Gmsh's MSH files of versions 2 and 4.1, text or binary: nodes, elements with straight edges
 * (points are left out), `$NodeData` and `$ElementData`. The first physical tag of each cell and
 * the tag of its entity become `cellData["gmsh:physical"]` and `["gmsh:geometrical"]`, 0 where
 * there is none; in version 4.1 dimension and tag of each node's entity become
 * `pointData["gmsh:dim_tags"]` (the names are meshio's). Steps of a view after its first are named
 * `view:1`, `view:2`; what a view leaves out is NaN.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns Points `[V, 3]` float64, as Gmsh always writes three coordinates.
 * @throws {DataFormatError} If the file is damaged, of another version, or has curved elements,
 * prisms or pyramids; the message names the byte.
 *
 * @example
 * ```ts
 * import { parseGmsh } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const text = `$MeshFormat
 * 2.2 0 8
 * $EndMeshFormat
 * $Nodes
 * 3
 * 1 0 0 0
 * 2 1 0 0
 * 3 0 1 0
 * $EndNodes
 * $Elements
 * 1
 * 1 2 2 99 1 1 2 3
 * $EndElements
 * `;
 * const { cells, cellData } = parseGmsh(new TextEncoder().encode(text));
 * assertEquals([...cells[0]!.data], [0, 1, 2]);
 * assertEquals([...cellData["gmsh:physical"]!.data], [99]);
 * ```
 */
export function parseGmsh(bytes: Uint8Array, place: Place = {}): Mesh {
  const cursor = new ByteCursor(bytes, "Gmsh MSH", place);
  const parts = new GmshParts(cursor);
  let sections: Record<string, SectionReader> | undefined;
  while (cursor.skipSpace(), cursor.left > 0) {
    const start = cursor.position;
    const name = /^\$(?!End)(\w+)$/.exec(cursor.word())?.[1];
    if (name === undefined) return cursor.fail("a section, such as $MeshFormat", start);
    if (name === "MeshFormat" && !sections) {
      const { values, isVersion4 } = readHeader(cursor);
      sections = sectionsOf(values, isVersion4, parts);
    } else if (name === "Comments") skipSection(cursor, name);
    else if (!sections) cursor.fail("$MeshFormat first", start);
    else if (Object.hasOwn(sections, name)) {
      cursor.skipLine();
      sections[name]!();
    } else skipSection(cursor, name);
    cursor.skipSpace();
    const end = cursor.position;
    if (cursor.word() !== `$End${name}`) cursor.fail(`$End${name}`, end);
  }
  return parts.finish();
}

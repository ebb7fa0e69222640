/** The sections of nodes and elements in versions 2 and 4.1 of Gmsh's format. @module */
import type { GmshParts, GmshView } from "./gmsh_parts.ts";
import type { GmshValues } from "./gmsh_values.ts";

/** `$Nodes` of version 2: a number, then tag and coordinates of each. */
export function readNodes2(values: GmshValues, parts: GmshParts): void {
  const at = values.cursor.position;
  const bytes = values.bytesOf("int") + 3 * values.bytesOf("double");
  const count = values.textCount("the number of nodes", bytes);
  const tags = new Float64Array(count);
  const points = new Float64Array(3 * count);
  for (let node = 0; node < count; node++) {
    tags[node] = values.int("the tag of a node");
    for (let i = 0; i < 3; i++) points[3 * node + i] = values.double("a coordinate");
  }
  parts.setNodes(tags, points, at);
}

/** `$Elements` of version 2; binary files tell type and number of tags once for several. */
export function readElements2(values: GmshValues, parts: GmshParts): void {
  const { cursor, isText } = values;
  const count = values.textCount("the number of elements", 3 * values.bytesOf("int"));
  for (let read = 0; read < count;) {
    const start = cursor.position;
    let tag = isText ? values.int("the tag of an element") : 0;
    const type = values.int("the type of an element");
    const together = isText ? 1 : values.int("a number of elements");
    const numTags = values.int("a number of tags");
    if (together < 1 || together > count - read || numTags < 0) {
      cursor.fail("the type, number and tags of elements", start, `${type} ${together} ${numTags}`);
    }
    const corners = parts.cornersOf(type, start);
    for (let i = 0; i < together; i++) {
      const at = isText ? start : cursor.position;
      if (!isText) tag = values.int("the tag of an element");
      const [physical, geometrical] = readTags(values, numTags);
      const nodes = Array.from({ length: corners }, () => values.int("a node"));
      parts.addElement(type, tag, nodes, physical, geometrical, at);
    }
    read += together;
  }
}

/** The first two of an element's tags; the others say which partitions it is in. */
function readTags(values: GmshValues, count: number): [physical: number, geometrical: number] {
  values.cursor.checkRoom(count, values.bytesOf("int"), "a number of tags");
  const physical = count > 0 ? values.int("a tag") : 0;
  const geometrical = count > 1 ? values.int("a tag") : 0;
  values.skip("int", count - 2);
  return [physical, geometrical];
}

/** The first physical tag of each entity, by dimension and tag. */
export type PhysicalTags = Map<string, number>;

/** `$Entities` of version 4.1: points, curves, surfaces, volumes. */
export function readEntities(values: GmshValues): PhysicalTags {
  const physical: PhysicalTags = new Map();
  const counts = [0, 1, 2, 3].map(() => values.size("a number of entities"));
  counts.forEach((count, dim) => {
    const doubles = dim === 0 ? 3 : 6;
    values.cursor.checkRoom(count, doubles * values.bytesOf("double"), "a number of entities");
    for (let i = 0; i < count; i++) {
      const tag = values.int("the tag of an entity");
      values.skip("double", doubles);
      const numTags = values.count("a number of tags", values.bytesOf("int"));
      const first = numTags > 0 ? values.int("a tag") : 0;
      if (first !== 0) physical.set(`${dim} ${tag}`, first);
      values.skip("int", numTags - 1);
      if (dim > 0) values.skip("int", values.count("a number of bounds", values.bytesOf("int")));
    }
  });
  return physical;
}

/** `$Nodes` of version 4.1: for each entity the tags of its nodes, then their coordinates. */
export function readNodes4(values: GmshValues, parts: GmshParts): void {
  const { cursor } = values;
  const at = cursor.position;
  const numBlocks = values.size("a number of entities");
  const count = values.count(
    "the number of nodes",
    values.bytesOf("size") + 3 * values.bytesOf("double"),
  );
  values.skip("size", 2);
  const tags = new Float64Array(count);
  const points = new Float64Array(3 * count);
  const entities = new Int32Array(2 * count);
  let first = 0;
  for (let block = 0; block < numBlocks; block++) {
    const start = cursor.position;
    const dim = values.int("the dimension of an entity");
    const entity = values.int("the tag of an entity");
    const isParametric = values.int("whether nodes are parametric") !== 0;
    const size = values.size("a number of nodes");
    if (size > count - first) cursor.fail(`at most ${count - first} nodes`, start, `${size}`);
    for (let i = 0; i < size; i++) tags[first + i] = values.size("the tag of a node");
    for (let node = first; node < first + size; node++) {
      for (let i = 0; i < 3; i++) points[3 * node + i] = values.double("a coordinate");
      if (isParametric) values.skip("double", Math.min(3, dim));
      entities.set([dim, entity], 2 * node);
    }
    first += size;
  }
  if (first !== count) cursor.fail(`${count} nodes`, at, `${first}`);
  parts.setNodes(tags, points, at);
  parts.entities = entities;
}

/** `$Elements` of version 4.1: for each entity the tag and nodes of its elements. */
export function readElements4(
  values: GmshValues,
  parts: GmshParts,
  physicalTags: PhysicalTags,
): void {
  const { cursor } = values;
  const begin = cursor.position;
  const numBlocks = values.size("a number of entities");
  const total = values.size("the number of elements");
  values.skip("size", 2);
  let read = 0;
  for (let block = 0; block < numBlocks; block++) {
    const start = cursor.position;
    const dim = values.int("the dimension of an entity");
    const entity = values.int("the tag of an entity");
    const type = values.int("the type of elements");
    const corners = parts.cornersOf(type, start);
    const count = values.count("a number of elements", (1 + corners) * values.bytesOf("size"));
    const physical = physicalTags.get(`${dim} ${entity}`) ?? 0;
    for (let i = 0; i < count; i++) {
      const at = cursor.position;
      const tag = values.size("the tag of an element");
      const nodes = Array.from({ length: corners }, () => values.size("a node"));
      parts.addElement(type, tag, nodes, physical, entity, at);
    }
    read += count;
  }
  if (read !== total) cursor.fail(`${total} elements`, begin, `${read}`);
}

/** `$NodeData` and `$ElementData`, whose head is text in binary files too. */
export function readView(values: GmshValues): GmshView {
  const { cursor } = values;
  const at = cursor.position;
  const texts = lines(values);
  lines(values);
  const start = cursor.position;
  const [, width = 0, count = 0] = lines(values).map(Number);
  const name = (texts[0] ?? "").replace(/^"|"$/g, "");
  const isRight = Number.isInteger(width) && width >= 1 && width <= 9 && Number.isInteger(count) &&
    count >= 0;
  if (!isRight) {
    cursor.fail("a step, 1 to 9 values each, and their number", start, `${width} ${count}`);
  }
  cursor.checkRoom(count, values.bytesOf("int") + width * values.bytesOf("double"), "values");
  const tags = new Float64Array(count);
  const data = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    tags[row] = values.int("a tag");
    for (let i = 0; i < width; i++) data[row * width + i] = values.double("a value");
  }
  return { name, width, tags, values: data, at };
}

/** A number of lines, and these. */
function lines({ cursor }: GmshValues): string[] {
  const count = cursor.count("a number of lines", 1);
  cursor.skipLine();
  return Array.from({ length: count }, () => cursor.line());
}

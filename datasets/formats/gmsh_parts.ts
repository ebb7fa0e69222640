/** Nodes, elements and their values, as the sections of Gmsh's files give them. @module */
import { CORNERS } from "../../lib/spatial/internal.ts";
import type { CellType } from "../../lib/spatial/mod.ts";
import type { DataArray } from "../array.ts";
import type { ByteCursor } from "./byte_cursor.ts";
import { growableFloat64, growableInt32 } from "./growable.ts";
import { type CellColumn, CellList, MAX_VALUES, type Mesh, meshOf, rowsOf } from "./mesh.ts";

/** Gmsh's numbers of the types, and of the points that are elements by themselves. */
const TYPES: Readonly<Record<number, CellType>> = {
  1: "line",
  2: "triangle",
  3: "quad",
  4: "tetra",
  5: "hexahedron",
};
const POINT = 15;

/** Places by tags, which a file chooses freely; mostly they are 1, 2, 3, … */
class TagIndex {
  readonly #count: number;
  readonly #places: ReadonlyMap<number, number> | null;

  constructor(tags: Float64Array) {
    this.#count = tags.length;
    const isPlain = tags.every((tag, i) => tag === i + 1);
    this.#places = isPlain ? null : new Map(Array.from(tags, (tag, i) => [tag, i]));
  }

  /** The place of a tag; -1 if there is none. */
  find(tag: number): number {
    if (this.#places) return this.#places.get(tag) ?? -1;
    return tag >= 1 && tag <= this.#count ? tag - 1 : -1;
  }

  /** Whether each tag is there once. */
  get isUnique(): boolean {
    return !this.#places || this.#places.size === this.#count;
  }
}

/** Values of a view, under the tags of nodes or elements. */
export interface GmshView {
  readonly name: string;
  readonly width: number;
  readonly tags: Float64Array;
  /** `[tags, width]`. */
  readonly values: Float64Array;
  readonly at: number;
}

/** A mesh in the making. */
export class GmshParts {
  readonly nodeViews: GmshView[] = [];
  readonly elementViews: GmshView[] = [];
  /** Dimension and tag of the entity of each node, where the file says them. */
  entities: Int32Array | null = null;
  readonly #cursor: ByteCursor;
  readonly #cells = new CellList();
  readonly #elementTags = growableFloat64();
  readonly #physical = growableInt32();
  readonly #geometrical = growableInt32();
  #points: Float64Array = new Float64Array(0);
  #nodes: TagIndex | undefined;

  constructor(cursor: ByteCursor) {
    this.#cursor = cursor;
  }

  setNodes(tags: Float64Array, points: Float64Array, at: number): void {
    if (this.#nodes) this.#cursor.fail("nodes in one section", at, "a second one");
    this.#nodes = new TagIndex(tags);
    this.#points = points;
    if (!this.#nodes.isUnique) {
      this.#cursor.fail("nodes of different tags", at, "the same tag twice");
    }
  }

  /** The number of nodes of an element's type, which must be one of those that become cells. */
  cornersOf(type: number, at: number): number {
    if (type === POINT) return 1;
    const known = TYPES[type];
    if (known) return CORNERS[known];
    return this.#cursor.fail(
      "elements of the types 1 to 5 and 15: lines, triangles, quads, tetrahedra and hexahedra with " +
        "straight edges, and points",
      at,
      `type ${type}`,
    );
  }

  /** Appends an element; `nodes` are tags. */
  addElement(
    type: number,
    tag: number,
    nodes: number[],
    physical: number,
    geometrical: number,
    at: number,
  ): void {
    for (let i = 0; i < nodes.length; i++) {
      const place = this.#nodes?.find(nodes[i]!) ?? -1;
      if (place < 0) {
        this.#cursor.fail("an element of nodes that stand before it", at, `node ${nodes[i]}`);
      }
      nodes[i] = place;
    }
    const source = this.#elementTags.length;
    if (type !== POINT) this.#cells.add(TYPES[type]!, nodes, source);
    this.#elementTags.push(tag);
    this.#physical.push(physical);
    this.#geometrical.push(geometrical);
  }

  finish(): Mesh {
    if (!this.#nodes) return this.#cursor.fail("a section $Nodes");
    const numNodes = this.#points.length / 3;
    const pointData = this.#spread(this.nodeViews, this.#nodes, numNodes);
    if (this.entities) pointData.set("gmsh:dim_tags", rowsOf(this.entities, 2));
    const elements = new TagIndex(this.#elementTags.finish());
    const cellData = this.#spread(this.elementViews, elements, this.#elementTags.length);
    const tags = [["physical", this.#physical], ["geometrical", this.#geometrical]] as const;
    for (const [name, list] of tags) {
      const data = list.finish();
      if (data.some((tag) => tag !== 0)) cellData.set(`gmsh:${name}`, rowsOf(data, 1));
    }
    const columns = [...cellData].map(([name, array]): [string, CellColumn] => [
      name,
      { array, first: 0 },
    ]);
    return meshOf(
      { shape: [numNodes, 3], data: this.#points },
      this.#cells,
      pointData,
      new Map(columns),
      this.#cursor,
    );
  }

  /** Values in the order of the nodes or elements; NaN where a view has none. */
  #spread(views: readonly GmshView[], index: TagIndex, count: number): Map<string, DataArray> {
    const arrays = new Map<string, DataArray>();
    let total = 0;
    for (const { name, width, tags, values, at } of views) {
      total += count * width;
      if (total > MAX_VALUES) this.#cursor.fail(`at most ${MAX_VALUES} values`, at, `${total}`);
      const data = new Float64Array(count * width).fill(NaN);
      tags.forEach((tag, row) => {
        const place = index.find(tag);
        if (place < 0) this.#cursor.fail(`values of what the mesh has`, at, `tag ${tag}`);
        data.set(values.subarray(row * width, (row + 1) * width), place * width);
      });
      arrays.set(name, rowsOf(data, width));
    }
    return arrays;
  }
}

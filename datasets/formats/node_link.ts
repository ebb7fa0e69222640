/** Graphs as JSON of nodes and links, as D3 and NetworkX write them. @module */
import { DataFormatError, type Place } from "./data_format_error.ts";
import { type JsonPath, NOWHERE, placeInJson } from "./json_place.ts";

/** A graph of N nodes and E links. */
export interface NodeLinkGraph {
  /** Whether the file says that links have a direction. */
  readonly isDirected: boolean;
  /** What the file says of each node, `[N]`. */
  readonly nodes: readonly Readonly<Record<string, unknown>>[];
  /** What the file says of each link, `[E]`, its ends included. */
  readonly links: readonly Readonly<Record<string, unknown>>[];
  /** The node that each link comes from, int32 `[E]`. */
  readonly senders: Int32Array;
  /** The node that each link goes to, int32 `[E]`. */
  readonly receivers: Int32Array;
}

/**
 * Reads a graph in JSON: `{"nodes": [...], "links": [{"source": ..., "target": ...}]}`, or `edges`
 * in place of `links`. Where nodes have an `id`, links name their ends by it; else a number is the
 * place of a node and a text its `name`.
 *
 * @param text The file's text.
 * @param place Its name, for errors.
 * @returns The links as they are written, each in one direction.
 * @throws {DataFormatError} If it is no such JSON, a link has an end that is no node, or two nodes
 *   have one id; the message names node or link.
 *
 * @example
 * ```ts
 * import { parseNodeLink } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { senders, receivers } = parseNodeLink(
 *   '{"nodes": [{"id": "a"}, {"id": "b"}], "links": [{"source": "b", "target": "a"}]}',
 * );
 * assertEquals([[...senders], [...receivers]], [[1], [0]]);
 * ```
 */
export function parseNodeLink(text: string, place: Place = {}): NodeLinkGraph {
  const fail = failer(text, place);
  const graph = parse(text, fail);
  const nodes = objectsOf(graph, ["nodes"], fail);
  const links = objectsOf(graph, ["links", "edges"], fail);
  const placeOf = finder(nodes, fail);
  const list = graph.links === undefined ? "edges" : "links";
  const endsOf = (end: "source" | "target"): Int32Array =>
    Int32Array.from(links, (link, i) => {
      const node = placeOf(link[end]);
      if (node !== undefined) return node;
      throw fail(`a node as ${end} of link ${i}`, link[end], [list, i, end]);
    });
  return {
    isDirected: graph.directed === true,
    nodes,
    links,
    senders: endsOf("source"),
    receivers: endsOf("target"),
  };
}

/** Makes the error of what is at a path in the file. */
type Fail = (expected: string, actual: unknown, path?: JsonPath) => DataFormatError;

function failer(text: string, place: Place): Fail {
  return (expected, actual, path = []) => {
    const said = typeof actual === "string" ? actual : JSON.stringify(actual) ?? "nothing";
    const byteOffset = placeInJson(text, path);
    const record = path.find((key) => typeof key === "number");
    return new DataFormatError(
      `Cannot read ${
        place.file ?? "the given text"
      } as a graph in JSON: expected ${expected}, got ` +
        `${said.length > 80 ? `${said.slice(0, 77)}...` : said} at byte ${byteOffset} ` +
        `(correct the file, or export it again)`,
      { ...place, record, byteOffset },
    );
  };
}

function parse(text: string, fail: Fail): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail("JSON", (error as Error).message, NOWHERE);
  }
  if (isObject(value)) return value;
  throw fail("an object with nodes and links", value);
}

function objectsOf(
  graph: Record<string, unknown>,
  names: readonly string[],
  fail: Fail,
): Record<string, unknown>[] {
  const name = names.find((each) => graph[each] !== undefined) ?? names[0]!;
  const list = graph[name];
  if (!Array.isArray(list)) throw fail(`a list ${names.join(" or ")}`, list, [name]);
  const wrong = list.findIndex((item) => !isObject(item));
  if (wrong < 0) return list;
  throw fail(`an object as item ${wrong} of ${names.join(" or ")}`, list[wrong], [name, wrong]);
}

/** What finds a node by what links call it. */
function finder(
  nodes: readonly Record<string, unknown>[],
  fail: Fail,
): (end: unknown) => number | undefined {
  const hasIds = nodes.some(({ id }) => id !== undefined);
  const places = new Map<unknown, number>();
  for (const [i, node] of nodes.entries()) {
    const key = hasIds ? node.id : node.name;
    if (hasIds && (key === undefined || places.has(key))) {
      throw fail(`an id of its own for node ${i}`, key, ["nodes", i, "id"]);
    }
    if (key !== undefined) places.set(key, i);
  }
  if (hasIds) return (end) => places.get(end);
  return (end) => {
    if (typeof end !== "number") return places.get(end);
    return Number.isInteger(end) && end >= 0 && end < nodes.length ? end : undefined;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

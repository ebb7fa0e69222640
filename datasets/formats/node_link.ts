/** Graphs as JSON of nodes and links, as D3 and NetworkX write them. @module */
import { DataFormatError, type Place } from "./data_format_error.ts";

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
  const graph = parse(text, place);
  const nodes = objectsOf(graph, ["nodes"], place);
  const links = objectsOf(graph, ["links", "edges"], place);
  const placeOf = finder(nodes, place);
  const endsOf = (end: "source" | "target"): Int32Array =>
    Int32Array.from(links, (link, i) => {
      const node = placeOf(link[end]);
      if (node !== undefined) return node;
      throw failure(place, `a node as ${end} of link ${i}`, link[end], i);
    });
  return {
    isDirected: graph.directed === true,
    nodes,
    links,
    senders: endsOf("source"),
    receivers: endsOf("target"),
  };
}

function parse(text: string, place: Place): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw failure(place, "JSON", (error as Error).message);
  }
  if (isObject(value)) return value;
  throw failure(place, "an object with nodes and links", value);
}

function objectsOf(
  graph: Record<string, unknown>,
  names: readonly string[],
  place: Place,
): Record<string, unknown>[] {
  const list = names.map((name) => graph[name]).find((each) => each !== undefined);
  if (!Array.isArray(list)) throw failure(place, `a list ${names.join(" or ")}`, list);
  const wrong = list.findIndex((item) => !isObject(item));
  if (wrong < 0) return list;
  throw failure(place, `an object as item ${wrong} of ${names.join(" or ")}`, list[wrong], wrong);
}

/** What finds a node by what links call it. */
function finder(
  nodes: readonly Record<string, unknown>[],
  place: Place,
): (end: unknown) => number | undefined {
  const hasIds = nodes.some(({ id }) => id !== undefined);
  const places = new Map<unknown, number>();
  for (const [i, node] of nodes.entries()) {
    const key = hasIds ? node.id : node.name;
    if (hasIds && (key === undefined || places.has(key))) {
      throw failure(place, `an id of its own for node ${i}`, key, i);
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

function failure(
  place: Place,
  expected: string,
  actual: unknown,
  record?: number,
): DataFormatError {
  const text = typeof actual === "string" ? actual : JSON.stringify(actual) ?? "nothing";
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given text"} as a graph in JSON: expected ${expected}, got ` +
      `${
        text.length > 80 ? `${text.slice(0, 77)}...` : text
      } (correct the file, or export it again)`,
    { ...place, record },
  );
}

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { graphsTuple } from "../../../../mod.ts";
import {
  type ConeTrace,
  type Figure,
  graphFigure,
  type Scatter3dTrace,
  type ScatterTrace,
} from "../../../../lib/plot/mod.ts";

/** A square of nodes: an edge there and back, one there only, and a loop. */
const graph = { senders: [0, 1, 1, 3], receivers: [1, 0, 2, 3], nNode: [4] };
const positions = [[0, 0], [10, 0], [10, 10], [0, 10]];
/** Each edge with one the other way. */
const both = { senders: [0, 1], receivers: [1, 0], nNode: [2] };

function trace(figure: Figure, name: string): ScatterTrace {
  return figure.data.find((each) => each.name === name) as ScatterTrace;
}

const note = (figure: Figure): string | undefined => figure.layout.annotations?.[0]?.text;

Deno.test("graphFigure() puts nodes where they are told to be, and gives them their values", () => {
  const figure = graphFigure(graph, { positions, nodeColor: [1, 2, 3, 4], nodeSize: [0, 1, 4, 0] });
  const { x, y, marker, text } = trace(figure, "nodes");
  assertEquals([x, y], [[0, 10, 10, 0], [0, 0, 10, 10]]);
  assertEquals([marker!.color, marker!.coloraxis], [[1, 2, 3, 4], "coloraxis"]);
  assertEquals(marker!.size, [8, 19, 30, 8]);
  assertEquals(text, ["0", "1", "2", "3"]);
});

Deno.test("graphFigure() takes a GraphsTuple and tensors", () => {
  const tuple = graphsTuple({ senders: [0, 1], receivers: [1, 2], nNode: [2, 1], nEdge: [2, 0] });
  const figure = graphFigure(tuple, { nodeColor: tf.tensor2d([[3, 4], [0, 1], [0, 0]]) });
  assertEquals(trace(figure, "nodes").marker!.color, [5, 1, 0]);
});

Deno.test("graphFigure() draws edges that are all there both ways as one line, without arrows", () => {
  const figure = graphFigure(both, { positions: [[0, 0], [4, 0]] });
  assertEquals(figure.data.map(({ name }) => name), ["edges", "nodes"]);
  assertEquals(trace(figure, "edges").x, [0, 4, null]);
});

Deno.test("graphFigure() bends an edge to its right where another one goes the other way", () => {
  const figure = graphFigure(both, { positions: [[0, 0], [4, 0]], arrows: true });
  const y = trace(figure, "edges").y as number[];
  // From left to right below the middle, and back above it.
  assertAlmostEquals(y[5]!, -4 * 0.14, 1e-5);
  assertAlmostEquals(y[12 + 5]!, 4 * 0.14, 1e-5);
  assertEquals(
    trace(figure, "arrows").marker!.angle?.toString().split(",").map(Number).map(Math.round),
    [
      82,
      -98,
    ],
  );
});

Deno.test("graphFigure() points arrows along their edges", () => {
  const one = { senders: [0], receivers: [1], nNode: [2] };
  const angle = (x: number, y: number) =>
    trace(graphFigure(one, { positions: [[0, 0], [x, y]] }), "arrows").marker!.angle;
  assertEquals([angle(0, 1), angle(1, 0), angle(0, -1)], [[0], [90], [180]]);
});

Deno.test("graphFigure() gives edges of a value one trace for each step of colour and width", () => {
  const figure = graphFigure(graph, {
    positions,
    edgeColor: [0, 0, 1, NaN],
    edgeWidth: [1, 1, 2, 2],
  });
  const lines = (figure.data as ScatterTrace[]).filter(({ name }) => name === "edges")
    .map(({ line }) => line);
  assertEquals(lines, [
    { color: "#c6dbef", width: 0.6, dash: "solid" },
    { color: "#08306b", width: 5, dash: "solid" },
    { color: "#b4bac2", width: 5, dash: "dot" },
  ]);
  const values = trace(figure, "edge values");
  assertEquals([values.marker!.color, values.text], [[0, 0, 1, null], [
    "0 → 1",
    "1 → 0",
    "1 → 2",
    "3 → 3",
  ]]);
  assertEquals(note(figure), "edges without a finite value, dotted: 1");
});

Deno.test("graphFigure() in space draws cones, and the same layout each time", () => {
  const figure = graphFigure(graph, { dimension: 3, arrows: true });
  const { z } = trace(figure, "nodes") as unknown as Scatter3dTrace;
  assertEquals(new Set(z as number[]).size, 4);
  const cones = figure.data.find(({ type }) => type === "cone") as ConeTrace;
  const { u, v, w } = cones as { u: unknown; v: unknown; w: unknown } as Record<string, number[]>;
  for (let e = 0; e < 4; e++) assertAlmostEquals(Math.hypot(u![e]!, v![e]!, w![e]!), 1, 1e-4);
  assertEquals(
    JSON.stringify(graphFigure(graph, { dimension: 3, arrows: true })),
    JSON.stringify(figure),
  );
});

Deno.test("graphFigure() lays connected nodes out nearer than others", () => {
  const chain = { senders: [0, 1, 2, 3, 4], receivers: [1, 2, 3, 4, 5], nNode: [6] };
  const { x, y } = trace(graphFigure(chain), "nodes") as unknown as Record<string, number[]>;
  const distance = (a: number, b: number) => Math.hypot(x![a]! - x![b]!, y![a]! - y![b]!);
  for (let n = 0; n < 5; n++) assert(distance(n, n + 1) < distance(0, 5) / 2);
});

Deno.test("graphFigure() shows nodes without a finite value in grey, and says so", () => {
  const figure = graphFigure(graph, { positions, nodeColor: [1, NaN, 3, 4] });
  const nodes = (figure.data as ScatterTrace[]).filter(({ name }) => name === "nodes");
  assertEquals(nodes.map(({ text }) => text), [["0", "2", "3"], ["1"]]);
  assertEquals(nodes[1]!.marker!.color, "#b4bac2");
  assertEquals(note(figure), "nodes without a finite value: 1");
});

Deno.test("graphFigure() draws an even part of very many edges, and says so", () => {
  const E = 50_000;
  const senders = Int32Array.from({ length: E }, (_, e) => e % 7);
  const receivers = senders.map((s) => (s + 1) % 7);
  const figure = graphFigure({ senders, receivers, nNode: [7] }, { arrows: false });
  assertEquals(note(figure), "one in 3 of 50000 edges is drawn");
});

Deno.test("graphFigure() draws nodes without edges", () => {
  const lonely = { senders: [], receivers: [], nNode: [1] };
  assertEquals(graphFigure(lonely, { edgeColor: [] }).data.map(({ name }) => name), ["nodes"]);
});

Deno.test("graphFigure() says what is wrong with a graph", () => {
  const cases: [() => unknown, new () => Error, string][] = [
    [
      () => graphFigure({ senders: [], receivers: [], nNode: [0] }),
      RangeError as never,
      "Cannot draw a graph as it has no nodes (nNode sums to 0)",
    ],
    [
      () => graphFigure({ senders: [0], receivers: [], nNode: [1] }),
      TypeError as never,
      "as each edge has a sender and a receiver: got 1 senders and 0 receivers",
    ],
    [
      () => graphFigure({ senders: [0, 0], receivers: [0, 4], nNode: [4] }),
      RangeError as never,
      "as it has the nodes 0 to 3: edge 1 has receiver 4",
    ],
    [
      () => graphFigure(graph, { positions: [[0, 0]] }),
      TypeError as never,
      "as positions are [4, 2] or [4, 3], a row for each node: got [1, 2]",
    ],
    [
      () => graphFigure(graph, { positions: [[0, 0], [1, NaN], [0, 0], [0, 0]] }),
      RangeError as never,
      "as positions must be finite: node 1 has NaN",
    ],
    [
      () => graphFigure(graph, { nodeColor: [1, 2] }),
      TypeError as never,
      "Cannot draw colours of nodes as it must have a value for each of the graph's 4 nodes, " +
      "[4] or [4, C]: got [2]",
    ],
    [
      () => graphFigure(graph, { edgeWidth: [1, 2] }),
      TypeError as never,
      "for each of the graph's 4 edges, [4] or [4, C]: got [2]",
    ],
    [
      () => graphFigure(graph, { nodeColor: [NaN, NaN, NaN, NaN] }),
      RangeError as never,
      "Cannot draw colours of nodes as none of its values is finite",
    ],
    [
      () => graphFigure(graph, { labels: ["a"] }),
      TypeError as never,
      "as there must be a label for each of its 4 nodes: got 1",
    ],
    [
      () => graphFigure({ senders: [], receivers: [], nNode: [5001] }),
      RangeError as never,
      "Cannot draw a graph as at most 5000 nodes are laid out: got 5001 (pass positions, or",
    ],
  ];
  for (const [call, type, text] of cases) assertThrows(call, type, text);
});

Deno.test("graphFigure() says what is no graph, no count and no index", () => {
  assertThrows(
    () => graphFigure(null as never),
    TypeError,
    "Cannot draw a graph as it has senders, receivers and nNode: got null",
  );
  assertThrows(
    () => graphFigure({ senders: [0], receivers: [1], nNode: [-1, 3] }),
    RangeError,
    "Cannot draw a graph as nNode counts nodes: got -1",
  );
  assertThrows(
    () => graphFigure({ senders: [0, NaN], receivers: [0, 1], nNode: [4] }),
    RangeError,
    "as it has the nodes 0 to 3: edge 1 has sender NaN",
  );
});

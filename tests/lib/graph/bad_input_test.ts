import * as tf from "@tensorflow/tfjs";
import { assertGreater } from "@std/assert";
import * as graphs from "../../../lib/graph/mod.ts";
import { type GraphsTuple, graphsTuple } from "../../../lib/graph/mod.ts";
import {
  assertRefused,
  BAD_COUNTS,
  BAD_IDS,
  type BadCall,
  each,
  goodGraph,
  JUNK,
} from "../../support/bad_input.ts";
import { forEachEngine } from "../../support/engines.ts";

const good = (): GraphsTuple => goodGraph({ a: [[1], [2], [3]], b: [1, 2, 3] });

const FIELDS = { senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] };

const make = (fields: Record<string, unknown>) => graphsTuple({ ...FIELDS, ...fields } as never);

/** What is no graph at all. */
const badGraphs = (): Record<string, unknown> => ({
  ...JUNK,
  null: null,
  undefined: undefined,
  "a tensor": tf.tensor([1]),
  "an empty object": {},
  "a list of graphs": [good()],
  "a graph without senders": { ...good(), senders: undefined },
  "a graph of arrays": { ...good(), nNode: [3] },
  "float counts": { ...good(), nNode: tf.tensor([3]) },
  "a scalar count": { ...good(), nNode: tf.scalar(3, "int32") },
});

const int = (values: number[]) => tf.tensor(values, [values.length], "int32");

/** Graphs whose fields do not fit together, and what must be mentioned. */
const brokenGraphs = (): Record<string, readonly [GraphsTuple, string]> => ({
  "receivers out of range": [{ ...good(), receivers: int([1, 3]) }, "receivers[1] is 3"],
  "negative senders": [{ ...good(), senders: int([-1, 0]) }, "senders[0] is -1"],
  "too few nodes": [{ ...good(), nNode: int([2]) }, "[2] sums to 2, there are 3 nodes"],
  "too many edges": [{ ...good(), nEdge: int([3]) }, "[3] sums to 3, there are 2 edges"],
  "negative counts": [
    { ...good(), nNode: int([4, -1]), nEdge: int([2, 0]), globals: null },
    "nNode[1] is -1",
  ],
  "other numbers of counts": [{ ...good(), nEdge: int([2, 0]) }, "nNode and nEdge"],
  "senders without receivers": [{ ...good(), receivers: int([0]) }, "senders and receivers"],
  "mixed leading sizes": [
    { ...good(), nodes: { a: tf.zeros([3, 1]), b: tf.zeros([2]) } },
    "nodes.b is float32 [2]",
  ],
  "features that are scalars": [{ ...good(), edges: tf.scalar(1) }, "edges is float32 []"],
  "features that are strings": [{ ...good(), edges: "abc" as never }, "edges"],
  "too few globals": [{ ...good(), globals: tf.zeros([0, 1]) }, "globals is float32 [0, 1]"],
});

/** The functions that check a whole graph on the host. */
const HOST: Record<string, (graph: GraphsTuple) => unknown> = {
  batch: (graph) => graphs.batch([good(), graph]),
  unbatch: graphs.unbatch,
  padWithGraphs: (graph) => graphs.padWithGraphs(graph, 9, 9, 4),
  unpadWithGraphs: graphs.unpadWithGraphs,
  dynamicallyBatch: (graph) => [...graphs.dynamicallyBatch([graph], 9, 9, 4)],
};

/** The functions that look at a part of a graph. */
const ALL: Record<string, (graph: GraphsTuple) => unknown> = {
  ...HOST,
  numNodes: graphs.numNodes,
  numEdges: graphs.numEdges,
  numGraphs: graphs.numGraphs,
  getNodePaddingMask: graphs.getNodePaddingMask,
  getEdgePaddingMask: graphs.getEdgePaddingMask,
  getGraphPaddingMask: graphs.getGraphPaddingMask,
  getNumberOfPaddingWithGraphsGraphs: graphs.getNumberOfPaddingWithGraphsGraphs,
  getNumberOfPaddingWithGraphsNodes: graphs.getNumberOfPaddingWithGraphsNodes,
  getNumberOfPaddingWithGraphsEdges: graphs.getNumberOfPaddingWithGraphsEdges,
  zeroOutPadding: graphs.zeroOutPadding,
};

const BAD_FEATURES: Record<string, unknown> = {
  ...JUNK,
  "a string in a nest": { a: [[1], [2]], b: ["x", "y"] },
  "ragged rows": [[1], [2, 3]],
  "numbers and booleans": [1, true],
  "mixed leading sizes": { a: [1, 2], b: [1, 2, 3] },
  "a number": 7,
  "no rows": [],
  "a record of another size": { shape: [2, 2], data: new Float32Array(3) },
};

const constructors = (): BadCall[] => [
  ...["senders", "receivers", "nNode", "nEdge"].flatMap((name) =>
    each(`graphsTuple() ${name}`, BAD_IDS, (bad) => make({ [name]: bad }), name)
  ),
  ...["nodes", "edges"].flatMap((name) =>
    each(`graphsTuple() ${name}`, BAD_FEATURES, (bad) => make({ [name]: bad }))
  ),
  ...each(
    "graphsTuple() globals",
    { ...BAD_FEATURES, "two rows": [1, 2] },
    (bad) => make({ globals: bad }),
  ),
  ...each("graphsTuple()", { ...JUNK, null: null, undefined }, (bad) => graphsTuple(bad)),
  ["graphsTuple() without nNode", () => make({ nNode: null }), "nNode is missing"],
  ["graphsTuple() by Jraph's names", () => make({ n_node: [2] }), "got n_node"],
  ["graphsTuple() of a negative count", () => make({ nNode: [3, -1] }), "nNode"],
  [
    "graphsTuple() of an index out of range",
    () => make({ receivers: [0, 2] }),
    "receivers[1] is 2",
  ],
];

const converters = (): BadCall[] => [
  ...each(
    "getFullyConnectedGraph() nodes",
    BAD_COUNTS,
    (bad) => graphs.getFullyConnectedGraph(bad, 1),
    "nNodePerGraph",
  ),
  ...each(
    "getFullyConnectedGraph() graphs",
    BAD_COUNTS,
    (bad) => graphs.getFullyConnectedGraph(2, bad),
    "nGraph",
  ),
  ...each(
    "getFullyConnectedGraph() features",
    { ...JUNK, "too few": [[1]] },
    (bad) => graphs.getFullyConnectedGraph(2, 1, bad),
  ),
  [
    "a fully connected graph that is too large",
    () => graphs.getFullyConnectedGraph(1e6, 1),
    "edges",
  ],
  ...["senders", "receivers", "values"].flatMap((name, i) =>
    each(`sparseMatrixToGraphsTuple() ${name}`, { ...BAD_IDS, null: null }, (bad) => {
      const lists: unknown[] = [[0, 1], [1, 0], [1, 1]];
      lists[i] = bad;
      const [senders, receivers, values] = lists as number[][];
      return graphs.sparseMatrixToGraphsTuple(senders!, receivers!, values!, 2);
    }, name)
  ),
  ...each(
    "sparseMatrixToGraphsTuple() nNode",
    { ...JUNK, null: null, many: [1, 1], few: 1 },
    (bad) => graphs.sparseMatrixToGraphsTuple([0, 1], [1, 0], [1, 1], bad),
  ),
  [
    "a negative value",
    () => graphs.sparseMatrixToGraphsTuple([0], [0], [-1], 1),
    "values[0] is -1",
  ],
  [
    "too many edges",
    () => graphs.sparseMatrixToGraphsTuple([0, 0], [0, 0], [2e9, 2e9], 1),
    "number of edges",
  ],
];

const sizes = (): BadCall[] => [
  ...["nNode", "nEdge", "nGraph"].flatMap((name, i) => {
    const at = (bad: unknown): [number, number, number] => {
      const all: unknown[] = [9, 9, 4];
      all[i] = bad;
      return all as [number, number, number];
    };
    return [
      ...each(
        `padWithGraphs() ${name}`,
        { ...BAD_COUNTS, null: null, small: 1 },
        (bad) => graphs.padWithGraphs(good(), ...at(bad)),
        name,
      ),
      ...each(
        `dynamicallyBatch() ${name}`,
        { ...BAD_COUNTS, null: null },
        (bad) => [...graphs.dynamicallyBatch([good()], ...at(bad))],
        name,
      ),
    ];
  }),
  ...each(
    "dynamicallyBatch()",
    { ...JUNK, null: null, "a graph": good() },
    (bad) => [...graphs.dynamicallyBatch(bad as Iterable<GraphsTuple>, 9, 9, 4)],
  ),
  ...each(
    "batch()",
    { ...JUNK, null: null, "a graph": good(), "no graphs": [] },
    (bad) => graphs.batch(bad),
  ),
  [
    "unbatch() of an edge between graphs",
    () => graphs.unbatch({ ...good(), nNode: int([1, 2]), nEdge: int([1, 1]), globals: null }),
    "edges",
  ],
];

const functions = (): BadCall[] => [
  ...each("concatenatedArgs()", { ...JUNK, null: null }, (bad) => graphs.concatenatedArgs(bad)),
  ...each(
    "concatenatedArgs() axis",
    { ...JUNK, NaN: NaN, "1.5": 1.5 },
    (axis) => graphs.concatenatedArgs((x) => x, { axis }),
    "axis",
  ),
  ...each(
    "concatenatedArgs() arguments",
    { ...JUNK, null: null, "a number": 3, none: [] },
    (bad) => graphs.concatenatedArgs((x) => x)(bad),
  ),
  [
    "concatenatedArgs() of strings",
    () => graphs.concatenatedArgs((x) => x)(tf.tensor(["a"])),
    "string",
  ],
  ["concatenatedArgs() of scalars", () => graphs.concatenatedArgs((x) => x)(tf.scalar(1)), "axis"],
  [
    "concatenatedArgs() of other rows",
    () => graphs.concatenatedArgs((x) => x)(tf.zeros([2, 1]), tf.zeros([3, 1])),
    "[2, 1], [3, 1]",
  ],
  ...each(
    "withZeroOutPaddingOutputs()",
    { ...JUNK, null: null },
    (bad) => graphs.withZeroOutPaddingOutputs(bad),
  ),
];

forEachEngine("every graph function refuses bad input in its own words, by name", () => {
  const calls: BadCall[] = [
    ...constructors(),
    ...converters(),
    ...sizes(),
    ...functions(),
    ...Object.entries(ALL).flatMap(([name, fn]) => each(`${name}()`, badGraphs(), fn)),
    ...Object.entries(HOST).flatMap(([name, fn]) =>
      Object.entries(brokenGraphs()).map(([title, [graph, mention]]): BadCall => [
        `${name}() of ${title}`,
        () => fn(graph),
        mention,
      ])
    ),
  ];
  assertGreater(calls.length, 400);
  assertRefused(calls);
});

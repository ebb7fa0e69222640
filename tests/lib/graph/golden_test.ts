import * as tf from "@tensorflow/tfjs";
import {
  batch,
  concatenatedArgs,
  dynamicallyBatch,
  getEdgePaddingMask,
  getFullyConnectedGraph,
  getGraphPaddingMask,
  getNodePaddingMask,
  getNumberOfPaddingWithGraphsEdges,
  getNumberOfPaddingWithGraphsGraphs,
  getNumberOfPaddingWithGraphsNodes,
  type GraphsTuple,
  padWithGraphs,
  sparseMatrixToGraphsTuple,
  unbatch,
  unpadWithGraphs,
  withZeroOutPaddingOutputs,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertGolden, decode, decodeGraph, GOLDEN, VALUE } from "../../support/jraph_golden.ts";

forEachEngine("batch() and unbatch() are jraph's", () => {
  for (const golden of GOLDEN.batches) {
    const joined = batch((golden.graphs as unknown[]).map(decodeGraph));
    assertGolden(joined, golden.batch, VALUE);
    assertGolden(unbatch(joined), golden.unbatch, VALUE);
  }
});

forEachEngine("padding, its counts and masks are jraph's, inside jit too", () => {
  for (const golden of GOLDEN.pads) {
    const padded = padWithGraphs(
      decodeGraph(golden.graph),
      ...golden.sizes as [number, number, number],
    );
    assertGolden(padded, golden.padded, VALUE);
    assertGolden(unpadWithGraphs(padded), golden.unpadded, VALUE);
    assertEquals(
      [
        getNumberOfPaddingWithGraphsGraphs(padded),
        getNumberOfPaddingWithGraphsNodes(padded),
        getNumberOfPaddingWithGraphsEdges(padded),
      ],
      golden.counts,
    );
    const masks = (graph: GraphsTuple) => [
      getNodePaddingMask(graph),
      getEdgePaddingMask(graph),
      getGraphPaddingMask(graph),
    ];
    const expected = [golden.nodeMask, golden.edgeMask, golden.graphMask];
    assertGolden(masks(padded), expected, VALUE);
    assertGolden(jit(masks)(padded), expected, VALUE);
    assertGolden(zeroOutPadding(decodeGraph(golden.ones)), golden.zeroed, VALUE);
    const zeroed = jit((graph: GraphsTuple) => zeroOutPadding(graph))(decodeGraph(golden.ones));
    assertGolden(zeroed, golden.zeroed, VALUE);
  }
});

forEachEngine("padWithGraphs() refuses what jraph refuses", () => {
  for (const golden of GOLDEN.padRefusals) {
    const pad = () =>
      padWithGraphs(decodeGraph(golden.graph), ...golden.sizes as [number, number, number]);
    if (golden.refused) assertThrows(pad, RangeError, "Cannot pad");
    else pad();
  }
});

forEachEngine("dynamicallyBatch() gives jraph's batches, and refuses after the same ones", () => {
  for (const golden of GOLDEN.dynamicBatches) {
    const graphs = (golden.graphs as unknown[]).map(decodeGraph);
    const batches: GraphsTuple[] = [];
    const collect = (): void => {
      const limits = golden.limits as [number, number, number];
      for (const batched of dynamicallyBatch(graphs, ...limits)) batches.push(batched);
    };
    if (golden.refused) assertThrows(collect, RangeError, "Cannot batch");
    else collect();
    assertGolden(batches, golden.batches, VALUE);
  }
});

forEachEngine("getFullyConnectedGraph() is jraph's", () => {
  for (const golden of GOLDEN.fullyConnected) {
    const [nNode, nGraph] = [golden.nNode as number, golden.nGraph as number];
    const [nodes, globals] = decode<[Tensor, Tensor]>(golden.features);
    const graph = getFullyConnectedGraph(
      nNode,
      nGraph,
      nodes,
      globals,
      golden.selfEdges as boolean,
    );
    assertGolden(graph, golden.graph, VALUE);
  }
});

forEachEngine("concatenatedArgs() is jraph's", () => {
  for (const golden of GOLDEN.concatenated) {
    const joined = concatenatedArgs((x: Tensor) => x, { axis: golden.axis as number });
    assertGolden(joined(...decode<Tree[]>(golden.args)), golden.value, VALUE);
    const jitted = jit((...args: Tree[]) => joined(...args));
    assertGolden(jitted(...decode<Tree[]>(golden.args)), golden.value, VALUE);
  }
});

forEachEngine("withZeroOutPaddingOutputs() is jraph's", () => {
  const one = (x: Tree): Tree => tf.add(x as Tensor, 1);
  const network = withZeroOutPaddingOutputs((graph: GraphsTuple) => ({
    ...graph,
    nodes: one(graph.nodes),
    edges: one(graph.edges),
    globals: one(graph.globals),
  }));
  const { graph, value } = GOLDEN.zeroOutputs;
  assertGolden(network(decodeGraph(graph)), value, VALUE);
  assertGolden(jit(network)(decodeGraph(graph)), value, VALUE);
});

forEachEngine("sparseMatrixToGraphsTuple() is what jraph describes", () => {
  for (const golden of GOLDEN.sparseMatrices) {
    const [rows, columns, values, n] = decode<[Tensor, Tensor, Tensor, Tensor]>(
      [golden.rows, golden.columns, golden.values, golden.nNode],
    );
    const { senders, receivers, nEdge, nNode } = sparseMatrixToGraphsTuple(
      rows,
      columns,
      values,
      n,
    );
    assertGolden(
      [senders, receivers, nEdge, nNode],
      [golden.senders, golden.receivers, golden.nEdge, golden.nNode],
      VALUE,
    );
  }
});

import {
  batch,
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
  unbatch,
  unpadWithGraphs,
  zeroOutPadding,
} from "../../../lib/graph/mod.ts";
import { assertEquals } from "@std/assert";
import { jit } from "../../../lib/transform/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { decode, decodeGraph, GOLDEN } from "../../support/jraph_golden.ts";

forEachEngine("batch() and unbatch() are jraph's", () => {
  for (const golden of GOLDEN.batches) {
    const joined = batch((golden.graphs as unknown[]).map(decodeGraph));
    assertAllClose(joined, decode(golden.batch));
    assertAllClose(unbatch(joined), decode(golden.unbatch));
  }
});

forEachEngine("padding, its counts and masks are jraph's, inside jit too", () => {
  for (const golden of GOLDEN.pads) {
    const padded = padWithGraphs(
      decodeGraph(golden.graph),
      ...golden.sizes as [number, number, number],
    );
    assertAllClose(padded, decode(golden.padded));
    assertAllClose(unpadWithGraphs(padded), decode(golden.unpadded));
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
    const expected = decode([golden.nodeMask, golden.edgeMask, golden.graphMask]);
    assertAllClose(masks(padded), expected);
    assertAllClose(jit(masks)(padded), expected);
    assertAllClose(zeroOutPadding(decodeGraph(golden.ones)), decode(golden.zeroed));
    assertAllClose(
      jit((graph: GraphsTuple) => zeroOutPadding(graph))(decodeGraph(golden.ones)),
      decode(golden.zeroed),
    );
  }
});

forEachEngine("dynamicallyBatch() is jraph's", () => {
  for (const golden of GOLDEN.dynamicBatches) {
    const graphs = (golden.graphs as unknown[]).map(decodeGraph);
    const limits = golden.limits as [number, number, number];
    assertAllClose([...dynamicallyBatch(graphs, ...limits)], decode(golden.batches));
  }
});

forEachEngine("getFullyConnectedGraph() is jraph's", () => {
  for (const golden of GOLDEN.fullyConnected) {
    const [nNode, nGraph] = [golden.nNode as number, golden.nGraph as number];
    const graph = getFullyConnectedGraph(nNode, nGraph, null, null, golden.selfEdges as boolean);
    assertAllClose(graph, decode(golden.graph));
  }
});

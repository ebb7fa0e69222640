import { assertEquals } from "@std/assert";
import { entryPoints, exportsOf } from "./documentation.ts";

/** Names that the package promises and that are built, by entry point. */
const CONTRACT: Record<string, string[]> = {
  ".": [
    ...["GraphsTuple", "graphsTuple", "Tree", "Tensor"],
    ...["treeFlatten", "treeUnflatten", "treeMap", "treeLeaves"],
    ...["segmentSum", "segmentMean", "segmentMax", "segmentMin", "segmentSoftmax"],
    ...["segmentVariance", "segmentNormalize", "partitionSoftmax"],
    ...["segmentMaxOrConstant", "segmentMinOrConstant"],
    ...["batch", "unbatch", "padWithGraphs", "unpadWithGraphs", "dynamicallyBatch"],
    ...["getNodePaddingMask", "getEdgePaddingMask", "getGraphPaddingMask"],
    ...["getNumberOfPaddingWithGraphsGraphs", "getNumberOfPaddingWithGraphsNodes"],
    ...["getNumberOfPaddingWithGraphsEdges", "zeroOutPadding", "withZeroOutPaddingOutputs"],
    ...["getFullyConnectedGraph", "sparseMatrixToGraphsTuple", "concatenatedArgs"],
    ...["graphNetwork", "interactionNetwork", "relationNetwork", "deepSets", "graphNetGAT"],
    ...["gat", "graphConvolution", "graphMapFeatures"],
    ...["linear", "mlp", "layerNorm", "lstmCell"],
    ...["init", "devices", "jit", "grad", "valueAndGrad", "scan", "whileLoop", "cond"],
    ...["pmap", "psum", "pmean", "pmax", "pmin", "allGather", "axisIndex"],
    ...["random.key", "random.split", "random.foldIn", "random.bits", "random.normal"],
    ...["random.uniform", "random.bernoulli", "random.permutation"],
    ...["adam", "adamw", "sgd", "clipByGlobalNorm", "chain", "schedules", "applyUpdates"],
    ...["saveCheckpoint", "loadCheckpoint"],
    ...["ShardedEdgesGraphsTuple", "graphsTupleToBroadcastedShardedGraphsTuple"],
    ...["broadcastedShardedGraphsTupleToGraphsTuple", "shardedEdgesGraphNetwork"],
    ...["distributed", "shardReader"],
  ],
  "./tables": [
    ...["toEdgeTable", "toNodeTable", "fromTables", "toFrameTable", "toTable"],
    ...["encodeTable", "writeTable", "readTable"],
  ],
  "./datasets": [
    ...["openMeshGraphNets", "openLearningToSimulate", "computeStats"],
    ...["writeTfRecords", "writeMeshGraphNets", "writeLearningToSimulate"],
    ...["readMesh", "meshToGraph", "download", "learningToSimulate", "meshGraphNets"],
    ...["openLagrangeBench", "lagrangeBench", "openHdf5", "readNpz", "writeNpz", "readCsv"],
    ...["ogbGraphPropPred", "ogbNodePropPred", "tuDataset", "citations", "qm9", "karateClub"],
    ...["lesMiserables", "windows", "shuffle", "prefetch", "gridWorlds", "randomMesh"],
  ],
};

/** Names that it promises and that are not built yet; a name moves up when it is exported. */
const LATER: Record<string, string[]> = {};

for (const entry of Object.keys(CONTRACT)) {
  const path = entryPoints()[entry];
  const names = new Set(path ? (await exportsOf(path)).map(({ name }) => name) : []);

  Deno.test(`"${entry}" exports the promised names that are built`, () => {
    assertEquals(CONTRACT[entry]!.filter((name) => !names.has(name)), []);
  });

  Deno.test(`"${entry}" exports no name that is listed as not built`, () => {
    assertEquals((LATER[entry] ?? []).filter((name) => names.has(name)), []);
  });
}

/**
 * The names of Jraph at google-deepmind/jraph 51f5990, which docs/PARITY.md maps to ours.
 *
 * Those of `jraph/__init__.py` are what `dir(jraph)` lists, and `sparse_matrix_to_graphs_tuple`,
 * which the release on PyPI lacks.
 *
 * @module
 */

/** What `jraph/__init__.py` imports: 55 names. */
export const EXPORTED: readonly string[] = [
  ...["AggregateEdgesToGlobalsFn", "AggregateEdgesToNodesFn", "AggregateNodesToGlobalsFn"],
  ...["ArrayTree", "AttentionLogitFn", "AttentionReduceFn", "DeepSets", "EmbedEdgeFn"],
  ...["EmbedGlobalFn", "EmbedNodeFn", "GAT", "GATAttentionLogitFn", "GATAttentionQueryFn"],
  ...["GATNodeUpdateFn", "GNUpdateEdgeFn", "GNUpdateGlobalFn", "GNUpdateNodeFn"],
  ...["GraphConvolution", "GraphMapFeatures", "GraphNetGAT", "GraphNetwork", "GraphsTuple"],
  ...["InteractionNetwork", "InteractionUpdateEdgeFn", "InteractionUpdateNodeFn"],
  ...["NodeFeatures", "RelationNetwork", "batch", "batch_np", "concatenated_args"],
  ...["dynamically_batch", "get_edge_padding_mask", "get_fully_connected_graph"],
  ...["get_graph_padding_mask", "get_node_padding_mask"],
  ...["get_number_of_padding_with_graphs_edges", "get_number_of_padding_with_graphs_graphs"],
  ...["get_number_of_padding_with_graphs_nodes", "pad_with_graphs", "partition_softmax"],
  ...["segment_max", "segment_max_or_constant", "segment_mean", "segment_min"],
  ...["segment_min_or_constant", "segment_normalize", "segment_softmax", "segment_sum"],
  ...["segment_variance", "sparse_matrix_to_graphs_tuple", "unbatch", "unbatch_np"],
  ...["unpad_with_graphs", "with_zero_out_padding_outputs", "zero_out_padding"],
];

/** Types that its modules have without exporting them. */
export const UNLISTED: readonly string[] = [
  ...["AttentionNormalizeFn", "InteractionUpdateNodeFnNoSentEdges"],
  ...["EdgeFeatures", "SenderFeatures", "ReceiverFeatures", "Globals"],
];

/** Names of `jraph.experimental.sharded_graphnet`. */
export const SHARDED: readonly string[] = [
  ...["ShardedEdgesGraphsTuple", "ShardedEdgesGraphNetwork", "sharded_segment_sum"],
  ...["graphs_tuple_to_broadcasted_sharded_graphs_tuple"],
  ...["broadcasted_sharded_graphs_tuple_to_graphs_tuple"],
  ...["ShardedEdgeFeatures", "AggregateShardedEdgesToGlobalsFn", "AggregateShardedEdgesToNodesFn"],
];

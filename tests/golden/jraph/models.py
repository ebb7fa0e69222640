"""Models with injected weights: outputs, and first and second derivatives."""

import jax
import jax.numpy as jnp
import numpy as np

from common import Draw, encode, jraph, probe

DRAW = Draw(20220833)


def layer(w):
    """tanh of a linear map of all arguments, concatenated."""
    return jraph.concatenated_args(lambda x: jnp.tanh(x @ w))


def weigh(edges, weights):
    return edges * weights


def updates(p):
    return layer(p["edge"]), layer(p["node"]), layer(p["global"])


def full(p):
    return jraph.GraphNetwork(layer(p["edge"]), layer(p["node"]), layer(p["global"]))


def attention(p):
    return jraph.GraphNetwork(
        layer(p["edge"]),
        layer(p["node"]),
        layer(p["global"]),
        attention_logit_fn=layer(p["logit"]),
        attention_reduce_fn=lambda edges, weights: edges * weights,
    )


def other_aggregations(p):
    return jraph.GraphNetwork(
        layer(p["edge"]),
        layer(p["node"]),
        layer(p["global"]),
        aggregate_edges_for_nodes_fn=jraph.segment_max_or_constant,
        aggregate_nodes_for_globals_fn=jraph.segment_mean,
        aggregate_edges_for_globals_fn=jraph.segment_min_or_constant,
    )


def gat(p):
    heads = lambda x: jnp.reshape(x @ p["query"], (x.shape[0], 2, 3))
    logit = lambda s, r, e: jnp.tanh(s + r) @ p["logit"] + (e @ p["edge"])[:, None]
    return jraph.GAT(heads, logit)


# Model, function of the parameters, shapes of the parameters by name, options of the graph.
WIDTHS = {"edge": (10, 2), "node": (9, 3), "global": (7, 2)}
MODELS = [
    ("graphNetwork", full, {"edge": (10, 2), "node": (9, 3), "global": (7, 2)}, {}),
    ("graphNetworkOfNests", full, {"edge": (10, 2), "node": (9, 3), "global": (7, 2)}, {"nests": True}),
    (
        "graphNetworkWithAttention",
        attention,
        {"edge": (10, 2), "node": (9, 3), "global": (7, 2), "logit": (10, 1)},
        {},
    ),
    ("graphNetworkOtherAggregations", other_aggregations, {"edge": (10, 2), "node": (9, 3), "global": (7, 2)}, {}),
    (
        "graphNetworkEdgesOnly",
        lambda p: jraph.GraphNetwork(layer(p["edge"]), None),
        {"edge": (6, 2)},
        {"edges": None, "globals": None},
    ),
    (
        "interactionNetwork",
        lambda p: jraph.InteractionNetwork(layer(p["edge"]), layer(p["node"])),
        {"edge": (8, 2), "node": (5, 3)},
        {},
    ),
    (
        "interactionNetworkWithSent",
        lambda p: jraph.InteractionNetwork(
            layer(p["edge"]), layer(p["node"]), include_sent_messages_in_node_update=True
        ),
        {"edge": (8, 2), "node": (7, 3)},
        {"nests": True},
    ),
    (
        "relationNetwork",
        lambda p: jraph.RelationNetwork(layer(p["edge"]), layer(p["global"])),
        {"edge": (6, 2), "global": (2, 3)},
        {"edges": None},
    ),
    (
        "deepSets",
        lambda p: jraph.DeepSets(layer(p["node"]), layer(p["global"])),
        {"node": (5, 2), "global": (2, 3)},
        {},
    ),
    (
        "graphNetGAT",
        lambda p: jraph.GraphNetGAT(
            layer(p["edge"]),
            layer(p["node"]),
            layer(p["logit"]),
            lambda edges, weights: edges * weights,
            layer(p["global"]),
        ),
        {"edge": (10, 2), "node": (9, 3), "global": (7, 2), "logit": (10, 2)},
        {},
    ),
    ("gat", gat, {"query": (3, 6), "logit": (3, 1), "edge": (2, 1)}, {}),
    (
        "graphConvolution",
        lambda p: jraph.GraphConvolution(layer(p["node"])),
        {"node": (3, 4)},
        {},
    ),
    (
        "graphConvolutionWithSelfEdges",
        lambda p: jraph.GraphConvolution(layer(p["node"]), add_self_edges=True),
        {"node": (3, 4)},
        {},
    ),
    (
        "graphConvolutionPlain",
        lambda p: jraph.GraphConvolution(
            layer(p["node"]), aggregate_nodes_fn=jraph.segment_mean, symmetric_normalization=False
        ),
        {"node": (3, 4)},
        {},
    ),
    (
        "graphMapFeatures",
        lambda p: jraph.GraphMapFeatures(layer(p["edge"]), layer(p["node"]), layer(p["global"])),
        {"edge": (2, 3), "node": (3, 3), "global": (2, 3)},
        {},
    ),
    (
        "graphNetworkVariances",
        lambda p: jraph.GraphNetwork(
            *updates(p),
            aggregate_edges_for_nodes_fn=jraph.segment_variance,
            aggregate_nodes_for_globals_fn=jraph.segment_variance,
            aggregate_edges_for_globals_fn=jraph.segment_variance,
        ),
        WIDTHS,
        {},
    ),
    (
        "graphNetworkOtherNormalization",
        lambda p: jraph.GraphNetwork(
            *updates(p),
            attention_logit_fn=layer(p["logit"]),
            attention_normalize_fn=lambda logits, segment_ids, num_segments: jnp.square(logits),
            attention_reduce_fn=weigh,
        ),
        {**WIDTHS, "logit": (10, 1)},
        {},
    ),
    (
        "graphNetworkAttentionOfNests",
        lambda p: jraph.GraphNetwork(
            lambda e, s, r, g: {"e": layer(p["edge"])(e, s, r, g)},
            layer(p["node"]),
            attention_logit_fn=lambda e, s, r, g: {"e": layer(p["logit"])(e, s, r, g)},
            attention_reduce_fn=lambda e, w: {"e": e["e"] * w["e"]},
        ),
        {"edge": (10, 2), "node": (9, 3), "logit": (10, 2)},
        {"nests": True},
    ),
    (
        "graphNetworkAttentionAlone",
        lambda p: jraph.GraphNetwork(
            None, None, attention_logit_fn=layer(p["logit"]), attention_reduce_fn=weigh
        ),
        {"logit": (10, 1)},
        {},
    ),
    (
        "graphNetworkNodesOnly",
        lambda p: jraph.GraphNetwork(None, layer(p["node"])),
        {"node": (7, 3)},
        {"globals": None},
    ),
    (
        "graphNetworkGlobalsOnly",
        lambda p: jraph.GraphNetwork(None, None, layer(p["global"])),
        {"global": (7, 2)},
        {},
    ),
    (
        "interactionNetworkMean",
        lambda p: jraph.InteractionNetwork(
            layer(p["edge"]), layer(p["node"]), aggregate_edges_for_nodes_fn=jraph.segment_mean
        ),
        {"edge": (8, 2), "node": (5, 3)},
        {},
    ),
    (
        "relationNetworkMax",
        lambda p: jraph.RelationNetwork(
            layer(p["edge"]),
            layer(p["global"]),
            aggregate_edges_for_globals_fn=jraph.segment_max_or_constant,
        ),
        {"edge": (6, 2), "global": (2, 3)},
        {},
    ),
    (
        "deepSetsMean",
        lambda p: jraph.DeepSets(
            layer(p["node"]), layer(p["global"]), aggregate_nodes_for_globals_fn=jraph.segment_mean
        ),
        {"node": (5, 2), "global": (2, 3)},
        {},
    ),
    (
        "graphNetGATOtherAggregations",
        lambda p: jraph.GraphNetGAT(
            *updates(p)[:2],
            layer(p["logit"]),
            weigh,
            layer(p["global"]),
            aggregate_edges_for_nodes_fn=jraph.segment_mean,
            aggregate_nodes_for_globals_fn=jraph.segment_max_or_constant,
            aggregate_edges_for_globals_fn=jraph.segment_mean,
        ),
        {**WIDTHS, "logit": (10, 1)},
        {},
    ),
    (
        "gatWithUpdate",
        lambda p: jraph.GAT(
            lambda x: x @ p["query"],
            lambda s, r, e: (s * r) @ p["logit"] + e @ p["edge"],
            lambda x: jnp.tanh(x @ p["update"]),
        ),
        {"query": (3, 4), "logit": (4, 1), "edge": (2, 1), "update": (4, 2)},
        {},
    ),
    (
        "graphConvolutionSelfEdgesPlain",
        lambda p: jraph.GraphConvolution(
            layer(p["node"]), add_self_edges=True, symmetric_normalization=False
        ),
        {"node": (3, 4)},
        {},
    ),
    (
        "graphMapEdges",
        lambda p: jraph.GraphMapFeatures(embed_edge_fn=layer(p["edge"])),
        {"edge": (2, 3)},
        {},
    ),
    (
        "graphMapNodes",
        lambda p: jraph.GraphMapFeatures(embed_node_fn=layer(p["node"])),
        {"node": (3, 3)},
        {},
    ),
    (
        "graphMapGlobals",
        lambda p: jraph.GraphMapFeatures(embed_global_fn=layer(p["global"])),
        {"global": (2, 3)},
        {"nests": True},
    ),
]


def model_case(name, build, shapes, options):
    params = {key: DRAW.uniform(*shape) for key, shape in shapes.items()}
    inner = DRAW.graph([3, 0, 2], [4, 0, 3], **options)
    padded = jraph.pad_with_graphs(inner, 7, 9, 4)
    features = {k: getattr(padded, k) for k in ("nodes", "edges", "globals")}

    def apply(params, features):
        out = build(params)(padded._replace(**features))
        return {k: getattr(out, k) for k in ("nodes", "edges", "globals")}

    loss = lambda params, features: probe(apply(params, features))
    gradients = jax.grad(loss, (0, 1))
    second = jax.grad(lambda *given: probe(gradients(*given)), (0, 1))(params, features)
    return {
        "name": name,
        "graph": encode(padded),
        "params": encode(params),
        "output": encode(apply(params, features)),
        "gradients": encode(gradients(params, features)),
        "second": encode(second),
    }


def of_integers():
    """GraphConvolution of int32 nodes: float32 with normalization, int32 without."""
    inner = DRAW.graph([3, 2], [5, 3], nodes=DRAW.integers(5, 2))
    for self_edges in (True, False):
        for normalize in (True, False):
            network = jraph.GraphConvolution(lambda x: x, jraph.segment_sum, self_edges, normalize)
            yield {
                "graph": encode(inner),
                "addSelfEdges": self_edges,
                "symmetricNormalization": normalize,
                "nodes": encode(np.asarray(network(inner).nodes)),
            }


def cases():
    return {
        "models": [model_case(*model) for model in MODELS],
        "ofIntegers": list(of_integers()),
    }

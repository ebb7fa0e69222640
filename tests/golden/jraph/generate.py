"""Writes golden.json: what jraph gives for segments, graphs and models, and their derivatives.

    python3 -m pip install -r requirements.txt
    python3 generate.py

Arrays are written as {shape, dtype, data}; NaN and infinities as strings. Losses are the sum of all
outputs, each multiplied by the cosine of its place (`probe`), so that the tests can do the same.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np

# jraph uses names that today's JAX has moved.
jax.tree_map = jax.tree_util.tree_map
jax.tree_leaves = jax.tree_util.tree_leaves

import jraph  # noqa: E402

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_default_matmul_precision", "highest")
RNG = np.random.default_rng(20220831)

# NumPy makes the counts of padding int64.
DTYPES = {"float32": "float32", "int32": "int32", "int64": "int32", "bool": "bool"}


def number(x):
    """A JSON value that reads back as the same float32."""
    if isinstance(x, (bool, int)):
        return int(x)
    if np.isfinite(x):
        return float(f"{x:.9g}")
    return str(x)


def encode(tree):
    """Arrays as records, in the nests that they are in."""
    if tree is None:
        return None
    if hasattr(tree, "_asdict"):
        names = {"n_node": "nNode", "n_edge": "nEdge"}
        return {names.get(k, k): encode(v) for k, v in tree._asdict().items()}
    if isinstance(tree, dict):
        return {k: encode(v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [encode(v) for v in tree]
    x = np.asarray(tree)
    return {
        "shape": list(x.shape),
        "dtype": DTYPES[str(x.dtype)],
        "data": [number(v) for v in x.ravel().tolist()],
    }


def probe(tree):
    """A loss that tells all outputs apart."""
    return sum(
        jnp.sum(leaf * jnp.cos(jnp.arange(leaf.size, dtype=jnp.float32)).reshape(leaf.shape))
        for leaf in jax.tree_util.tree_leaves(tree)
    )


def uniform(*shape):
    return RNG.uniform(-1.5, 1.5, shape).astype(np.float32)


# Segments ---------------------------------------------------------------------------------------

BY_ROW = {"segment_normalize", "segment_softmax"}
NAMES = [
    "segment_sum",
    "segment_mean",
    "segment_variance",
    "segment_normalize",
    "segment_max",
    "segment_max_or_constant",
    "segment_min",
    "segment_min_or_constant",
    "segment_softmax",
]


def segment_inputs():
    ids = np.array([3, 0, 3, 1, 0, 5, 3, 1], np.int32)
    ties = np.array([[1, 2], [4, 4], [1, 5], [0, 1], [4, 7], [2, 2], [1, 5], [0, 0]], np.float32)
    with_nan = uniform(8)
    with_nan[2] = np.nan
    return [
        ("rows with ids out of range", uniform(8, 2), np.array([2, -1, 0, 7, 2, 2, 0, 3], np.int32), 4),
        ("one column, empty segments", uniform(8), ids, 7),
        ("rank 3", uniform(8, 2, 3), ids, 6),
        ("ties", ties, ids, 6),
        ("NaN in one segment", with_nan, ids, 6),
        ("int32", RNG.integers(-9, 9, (8, 2)).astype(np.int32), ids, 6),
        ("numSegments left out", uniform(8), ids, None),
        ("no rows", uniform(0, 2), np.zeros(0, np.int32), 3),
    ]


def segment_case(name, title, data, ids, num):
    options = {"constant": 1.5} if name.endswith("constant") else {}
    count = num if num is not None else int(ids.max()) + 1
    fn = lambda x: getattr(jraph, name)(x, ids, num, **options)
    value = fn(data)
    case = {"fn": name, "title": title, "data": data, "ids": ids, "num": num, "options": options}
    kept = (ids >= 0) & (ids < count)
    if name in BY_ROW:  # What a dropped row itself gets is an accident of JAX's gather.
        column = kept.reshape((-1,) + (1,) * (value.ndim - 1))
        inner = fn
        fn = lambda x: jnp.where(column, inner(x), 0)
    case["value"] = fn(data)
    smooth = data.dtype == np.float32 and np.isfinite(data).all() and data.size > 0
    if smooth:
        # Infinities of empty segments get no weight.
        weights = np.where(np.isfinite(value), np.asarray(uniform(*value.shape)), 0).astype(np.float32)
        direction = uniform(*data.shape)
        pull = lambda x: jax.vjp(fn, x)[1](jnp.asarray(weights))[0]
        case["weights"] = weights
        case["gradient"] = pull(data)
        case["direction"] = direction
        case["second"] = jax.grad(lambda x: jnp.sum(pull(x) * direction))(data)
    return {
        k: encode(v) if isinstance(v, (np.ndarray, jax.Array)) else v for k, v in case.items()
    }


def partition_case(logits, partitions, total):
    value = jraph.partition_softmax(logits, partitions, total)
    gradient = jax.grad(lambda x: probe(jraph.partition_softmax(x, partitions, total)))(logits)
    return {
        "logits": encode(logits),
        "partitions": encode(partitions),
        "total": total,
        "value": encode(value),
        "gradient": encode(gradient),
    }


# Graphs -----------------------------------------------------------------------------------------


def graph(n_node, n_edge, nests=False, **nulls):
    """Graphs of given sizes with random edges."""
    senders, receivers, first = [], [], 0
    for n, e in zip(n_node, n_edge):
        senders += [first + int(i) for i in RNG.integers(0, max(n, 1), e)]
        receivers += [first + int(i) for i in RNG.integers(0, max(n, 1), e)]
        first += n
    N, E, G = sum(n_node), sum(n_edge), len(n_node)
    nodes = {"a": uniform(N, 2), "b": [uniform(N, 1)]} if nests else uniform(N, 3)
    made = jraph.GraphsTuple(
        nodes=nodes,
        edges={"e": uniform(E, 2)} if nests else uniform(E, 2),
        receivers=np.array(receivers, np.int32),
        senders=np.array(senders, np.int32),
        globals=[uniform(G, 1), uniform(G, 1)] if nests else uniform(G, 2),
        n_node=np.array(n_node, np.int32),
        n_edge=np.array(n_edge, np.int32),
    )
    return made._replace(**nulls)


def batch_cases():
    for parts in (
        [graph([2], [3]), graph([3, 0], [1, 0]), graph([1], [2])],
        [graph([2], [2], nests=True), graph([0, 2], [0, 1], nests=True)],
        [graph([2], [1], nodes=None, globals=None), graph([1], [0], nodes=None, globals=None)],
    ):
        joined = jraph.batch(parts)
        yield {
            "graphs": encode(parts),
            "batch": encode(joined),
            "unbatch": encode(jraph.unbatch(joined)),
        }


def pad_cases():
    for inner, sizes in (
        (graph([2, 3], [3, 1]), (9, 7, 5)),
        (graph([2, 0], [1, 0], nests=True), (3, 1, 3)),
        (graph([3], [2]), (5, 4, 2)),
        (graph([1, 2, 0, 0], [0, 2, 0, 0]), (4, 2, 6)),
    ):
        padded = jraph.pad_with_graphs(inner, *sizes)
        ones = jax.tree_util.tree_map(jnp.ones_like, padded)._replace(
            n_node=padded.n_node,
            n_edge=padded.n_edge,
            senders=padded.senders,
            receivers=padded.receivers,
        )
        yield {
            "graph": encode(inner),
            "sizes": sizes,
            "padded": encode(padded),
            "unpadded": encode(jraph.unpad_with_graphs(padded)),
            "counts": [
                int(jraph.get_number_of_padding_with_graphs_graphs(padded)),
                int(jraph.get_number_of_padding_with_graphs_nodes(padded)),
                int(jraph.get_number_of_padding_with_graphs_edges(padded)),
            ],
            "nodeMask": encode(jraph.get_node_padding_mask(padded)),
            "edgeMask": encode(jraph.get_edge_padding_mask(padded)),
            "graphMask": encode(jraph.get_graph_padding_mask(padded)),
            "ones": encode(ones),
            "zeroed": encode(jraph.zero_out_padding(ones)),
        }


def dynamic_batch_cases():
    for sizes, limits in (
        ([1, 2, 3, 1, 1, 4, 2], (7, 9, 4)),
        ([3, 3, 3], (10, 5, 4)),
        ([2] * 5, (20, 20, 3)),
    ):
        graphs = [graph([n], [n - 1]) for n in sizes]
        yield {
            "graphs": encode(graphs),
            "limits": limits,
            "batches": encode(list(jraph.dynamically_batch(iter(graphs), *limits))),
        }


def fully_connected_cases():
    for n, g, self_edges in ((3, 2, True), (3, 2, False), (1, 3, True), (1, 2, False), (4, 1, False)):
        made = jraph.get_fully_connected_graph(n, g, add_self_edges=self_edges)
        yield {"nNode": n, "nGraph": g, "selfEdges": self_edges, "graph": encode(made)}


# Models -----------------------------------------------------------------------------------------


def layer(w):
    """tanh of a linear map of all arguments, concatenated."""
    return jraph.concatenated_args(lambda x: jnp.tanh(x @ w))


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
]


def model_case(name, build, shapes, options):
    params = {key: uniform(*shape) for key, shape in shapes.items()}
    inner = graph([3, 0, 2], [4, 0, 3], **options)
    padded = jraph.pad_with_graphs(inner, 7, 9, 4)
    features = {k: getattr(padded, k) for k in ("nodes", "edges", "globals")}

    def apply(params, features):
        out = build(params)(padded._replace(**features))
        return {k: getattr(out, k) for k in ("nodes", "edges", "globals")}

    loss = lambda params, features: probe(apply(params, features))
    gradients = jax.grad(loss, (0, 1))
    second = jax.grad(lambda features: probe(gradients(params, features)))(features)
    return {
        "name": name,
        "graph": encode(padded),
        "params": encode(params),
        "output": encode(apply(params, features)),
        "gradients": encode(gradients(params, features)),
        "second": encode(second),
    }


def main():
    total = np.array([2, 0, 3, 1], np.int32)
    golden = {
        "segments": [segment_case(name, *inputs) for name in NAMES for inputs in segment_inputs()],
        "partitions": [
            partition_case(uniform(6, 2), total, 6),
            partition_case(uniform(6), total, None),
            partition_case(uniform(8), total, 8),
        ],
        "batches": list(batch_cases()),
        "pads": list(pad_cases()),
        "dynamicBatches": list(dynamic_batch_cases()),
        "fullyConnected": list(fully_connected_cases()),
        "models": [model_case(*model) for model in MODELS],
    }
    path = pathlib.Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

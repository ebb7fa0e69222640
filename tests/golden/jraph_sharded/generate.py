"""Writes golden.json: what jraph's experimental converters give for graphs split over devices.

    python3 -m pip install -r requirements.txt
    python3 generate.py

Arrays are written as {shape, dtype, data}. No case is made by hand.
"""

import json
import pathlib

import jax
import numpy as np

# jraph uses names that today's JAX has moved.
jax.tree_map = jax.tree_util.tree_map
jax.tree_leaves = jax.tree_util.tree_leaves

import jraph  # noqa: E402
from jraph.experimental import sharded_graphnet  # noqa: E402

RNG = np.random.default_rng(20220831)

# n_node, n_edge, shards: cuts through graphs and between them, graphs without edges at the beginning,
# at a cut, elsewhere and at the end, a graph over three shards.
CASES = [
    ([3], [4], 1),
    ([3], [4], 4),
    ([2, 4], [1, 11], 3),
    ([2, 1, 2, 3, 1], [2, 1, 2, 1, 3], 3),
    ([1, 2, 1], [0, 6, 0], 2),
    ([2, 1, 2, 1], [3, 0, 3, 0], 2),
    ([2, 1, 2, 1], [1, 0, 3, 0], 2),
    ([0, 2, 0, 3], [0, 5, 0, 3], 4),
    ([2, 2, 2], [1, 1, 1], 3),
    ([3, 4], [9, 1], 5),
]


def camel(name):
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def encode(tree):
    if tree is None:
        return None
    if hasattr(tree, "_asdict"):
        return {camel(k): encode(v) for k, v in tree._asdict().items()}
    if isinstance(tree, dict):
        return {k: encode(v) for k, v in tree.items()}
    x = np.asarray(tree)
    dtype = {"int64": "int32"}.get(str(x.dtype), str(x.dtype))
    return {"shape": list(x.shape), "dtype": dtype, "data": [float(f"{v:.9g}") for v in x.ravel()]}


def random_graph(n_node, n_edge, with_features):
    owners = np.repeat(np.arange(len(n_node)), n_edge)
    first = np.concatenate([[0], np.cumsum(n_node)[:-1]])[owners]
    ends = [first + RNG.integers(0, np.array(n_node)[owners]) for _ in range(2)]
    normal = lambda *shape: RNG.normal(size=shape).astype(np.float32)  # noqa: E731
    nodes, edges, graphs = sum(n_node), sum(n_edge), len(n_node)
    return jraph.GraphsTuple(
        nodes={"a": normal(nodes, 2), "b": np.arange(nodes, dtype=np.int32)} if with_features else None,
        edges={"weight": normal(edges), "flag": RNG.random((edges, 2)) < 0.5} if with_features else None,
        receivers=ends[0].astype(np.int32),
        senders=ends[1].astype(np.int32),
        globals=normal(graphs, 1) if with_features else None,
        n_node=np.array(n_node, np.int32),
        n_edge=np.array(n_edge, np.int32),
    )


def case(i, n_node, n_edge, shards):
    graph = random_graph(n_node, n_edge, with_features=i % 4 != 3)
    sharded = sharded_graphnet.graphs_tuple_to_broadcasted_sharded_graphs_tuple(graph, shards)
    back = sharded_graphnet.broadcasted_sharded_graphs_tuple_to_graphs_tuple(sharded)
    return {"graph": encode(graph), "shards": shards, "sharded": encode(sharded), "back": encode(back)}


cases = [case(i, *each) for i, each in enumerate(CASES)]
path = pathlib.Path(__file__).with_name("golden.json")
path.write_text(json.dumps({"cases": cases}) + "\n")

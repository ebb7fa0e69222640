"""Batching, padding, masks and the other utilities, with what they refuse."""

import jax
import jax.numpy as jnp
import numpy as np

from common import Draw, encode, jraph

DRAW = Draw(20220832)
graph = DRAW.graph


def batch_cases():
    ints = {"nodes": DRAW.integers(2, 1), "edges": np.array([True, False])}
    for parts in (
        [graph([2], [3]), graph([3, 0], [1, 0]), graph([1], [2])],
        [graph([2], [2], nests=True), graph([0, 2], [0, 1], nests=True)],
        [graph([2], [1], nodes=None, globals=None), graph([1], [0], nodes=None, globals=None)],
        [graph([2], [2], **ints), graph([2], [2], **ints)],
        [graph([0], [0]), graph([0, 0], [0, 0])],
        [graph([3, 1], [4, 2])],
    ):
        joined = jraph.batch(parts)
        yield {
            "graphs": encode(parts),
            "batch": encode(joined),
            "unbatch": encode(jraph.unbatch(joined)),
        }


def raises(fn):
    try:
        fn()
    except Exception:  # noqa: BLE001  What it is differs; that it is refused is compared.
        return True
    return False


def pad_cases():
    for inner, sizes in (
        (graph([2, 3], [3, 1]), (9, 7, 5)),
        (graph([2, 0], [1, 0], nests=True), (3, 1, 3)),
        (graph([3], [2]), (5, 4, 2)),
        (graph([1, 2, 0, 0], [0, 2, 0, 0]), (4, 2, 6)),
        (graph([0], [0]), (2, 3, 2)),
        (graph([2], [2], nodes=DRAW.integers(2, 2), edges=np.array([True, True])), (3, 3, 4)),
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


def pad_refusals():
    """Sizes around the limits, and whether jraph refuses them."""
    inner = graph([2, 3], [3, 1])
    for sizes in ((5, 7, 4), (6, 4, 3), (6, 3, 3), (6, 4, 2), (6, 4, 1), (4, 9, 9), (9, 9, 0)):
        refused = raises(lambda sizes=sizes: jraph.pad_with_graphs(inner, *sizes))
        yield {"graph": encode(inner), "sizes": sizes, "refused": refused}


def dynamic_batch_cases():
    for sizes, limits in (
        ([1, 2, 3, 1, 1, 4, 2], (7, 9, 4)),
        ([3, 3, 3], (10, 5, 4)),
        ([2] * 5, (20, 20, 3)),
        ([], (4, 4, 2)),
        # Too many nodes, edges, graphs: the open batch comes out first, then the error.
        ([1, 2, 9, 1], (7, 9, 4)),
        ([2, 5, 1], (7, 3, 4)),
        ([9, 1], (7, 9, 4)),
        ([1, 1], (7, 9, 1)),
    ):
        graphs = [graph([n], [n - 1]) for n in sizes]
        batches, refused = [], False
        try:
            for batch in jraph.dynamically_batch(iter(graphs), *limits):
                batches.append(batch)
        except (RuntimeError, ValueError):
            refused = True
        yield {
            "graphs": encode(graphs),
            "limits": limits,
            "batches": encode(batches),
            "refused": refused,
        }


def fully_connected_cases():
    for n, g, self_edges in ((3, 2, True), (3, 2, False), (1, 3, True), (1, 2, False), (4, 1, False)):
        features = (DRAW.uniform(n * g, 2), DRAW.uniform(g, 1))
        made = jraph.get_fully_connected_graph(n, g, *features, add_self_edges=self_edges)
        yield {
            "nNode": n,
            "nGraph": g,
            "features": encode(list(features)),
            "selfEdges": self_edges,
            "graph": encode(made),
        }


def concatenated_cases():
    two, three = DRAW.uniform(2, 3), DRAW.uniform(2, 1, 3)
    for axis, args in (
        (-1, [two, None, {"b": DRAW.uniform(2, 2), "a": [DRAW.uniform(2, 1)]}]),
        (0, [two, DRAW.uniform(4, 3)]),
        (1, [three, DRAW.uniform(2, 2, 3)]),
    ):
        value = jraph.concatenated_args(lambda x: x, axis=axis)(*args)
        yield {"axis": axis, "args": encode(args), "value": encode(value)}


def zero_outputs_case():
    padded = jraph.pad_with_graphs(graph([2, 1], [2, 1]), 5, 5, 4)
    plus = lambda g: g._replace(nodes=g.nodes + 1, edges=g.edges + 1, globals=g.globals + 1)
    value = jraph.with_zero_out_padding_outputs(plus)(padded)
    return {"graph": encode(padded), "value": encode(value)}


def sparse_matrix_cases():
    """Made by hand: the release that pip has lacks sparse_matrix_to_graphs_tuple."""
    for rows, columns, values, n in (
        ([0, 1, 2, 2], [1, 2, 0, 2], [1, 2, 0, 3], 3),
        ([], [], [], 2),
    ):
        values = np.array(values, np.int32)
        senders = np.repeat(np.array(rows, np.int32), values)
        receivers = np.repeat(np.array(columns, np.int32), values)
        yield {
            "rows": encode(np.array(rows, np.int32)),
            "columns": encode(np.array(columns, np.int32)),
            "values": encode(values),
            "nNode": encode(np.array([n], np.int32)),
            "senders": encode(senders),
            "receivers": encode(receivers),
            "nEdge": encode(np.array([len(senders)], np.int32)),
        }


def cases():
    return {
        "batches": list(batch_cases()),
        "pads": list(pad_cases()),
        "padRefusals": list(pad_refusals()),
        "dynamicBatches": list(dynamic_batch_cases()),
        "fullyConnected": list(fully_connected_cases()),
        "concatenated": list(concatenated_cases()),
        "zeroOutputs": zero_outputs_case(),
        "sparseMatrices": list(sparse_matrix_cases()),
    }

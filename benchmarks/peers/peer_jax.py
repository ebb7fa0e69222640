"""The workloads in JAX with jraph, as one writes them: `peer_jax.py WORKLOAD forward|train PROBLEM`."""

import sys
import time

import jax
import jax.numpy as jnp

from peer import RATE, load, serve

# jraph uses names that today's JAX has moved.
jax.tree_map = jax.tree_util.tree_map
jax.tree_leaves = jax.tree_util.tree_leaves

import jraph  # noqa: E402

jax.config.update("jax_platforms", "cpu")


def mlp(params, x):
    *hidden, last = params["layers"]
    for layer in hidden:
        x = jax.nn.relu(x @ layer["w"] + layer["b"])
    x = x @ last["w"] + last["b"]
    if "layerNorm" not in params:
        return x
    mean = jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.var(x, axis=-1, keepdims=True)
    norm = params["layerNorm"]
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * norm["scale"] + norm["offset"]


def mesh_graph_nets(params, graph):
    graph = graph._replace(
        nodes=mlp(params["encoder"]["nodes"], graph.nodes),
        edges=mlp(params["encoder"]["edges"], graph.edges),
    )
    for step in params["processor"]:
        new = jraph.InteractionNetwork(
            update_edge_fn=lambda edges, sender, receiver: mlp(
                step["edges"], jnp.concatenate([sender, receiver, edges], axis=1)
            ),
            update_node_fn=lambda nodes, received: mlp(
                step["nodes"], jnp.concatenate([nodes, received], axis=1)
            ),
        )(graph)
        graph = graph._replace(nodes=graph.nodes + new.nodes, edges=graph.edges + new.edges)
    return mlp(params["decoder"], graph.nodes)


def gcn(params, graph):
    first, second = params["layers"]
    graph = jraph.GraphConvolution(lambda x: x @ first, add_self_edges=True)(graph)
    graph = graph._replace(nodes=jax.nn.relu(graph.nodes))
    return jraph.GraphConvolution(lambda x: x @ second, add_self_edges=True)(graph).nodes


def main(workload, mode, path):
    network = {"mesh": mesh_graph_nets, "mesh5": mesh_graph_nets, "gcn": gcn}[workload]
    problem = load(path, jnp.asarray)
    edges = problem["graph"]["senders"].shape[0]
    data = problem["graph"], problem["target"]

    def loss(params, data):
        tensors, target = data
        graph = jraph.GraphsTuple(
            **tensors,
            globals=None,
            n_node=jnp.array([tensors["nodes"].shape[0]]),
            n_edge=jnp.array([edges]),
        )
        return jnp.mean((network(params, graph) - target) ** 2)

    def forward(params, data):
        return params, loss(params, data)

    def train(params, data):
        value, gradients = jax.value_and_grad(loss)(params, data)
        return jax.tree_util.tree_map(lambda p, g: p - RATE * g, params, gradients), value

    step = jax.jit(train, donate_argnums=0) if mode == "train" else jax.jit(forward)
    state = {"params": problem["params"]}
    start = time.perf_counter()
    lowered = step.lower(state["params"], data)
    traced = time.perf_counter()
    compiled = lowered.compile()
    end = time.perf_counter()

    def advance():
        state["params"], value = compiled(state["params"], data)
        return value

    float(advance())
    first = {
        "totalMs": (time.perf_counter() - start) * 1e3,
        "traceMs": (traced - start) * 1e3,
        "compileMs": (end - traced) * 1e3,
    }

    def restart():
        state["params"] = load(path, jnp.asarray)["params"]

    increment, small = jax.jit(lambda x: x + 1), jnp.ones(())
    serve(["jax", "jraph"], first, restart, advance, lambda: increment(small))


main(*sys.argv[1:])

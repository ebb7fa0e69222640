"""The workloads in JAX with jraph, as one writes them: `peer_jax.py WORKLOAD MODE PROBLEM`."""

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

from peer import (
    ACCELERATION, BATCH, MOLECULES, RADIUS, RATE, ROLLOUT, VELOCITY, load, molecules_of,
    most_in_batch, serve,
)

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


def mesh_graph_nets(params, graph, gns=False):
    def joined(*parts):
        return jnp.concatenate(parts[::-1] if gns else parts, axis=1)

    graph = graph._replace(
        nodes=mlp(params["encoder"]["nodes"], graph.nodes),
        edges=mlp(params["encoder"]["edges"], graph.edges),
    )
    for step in params["processor"]:
        new = jraph.InteractionNetwork(
            update_edge_fn=lambda edges, sender, receiver: mlp(
                step["edges"], joined(sender, receiver, edges)
            ),
            update_node_fn=lambda nodes, received: mlp(step["nodes"], joined(nodes, received)),
        )(graph)
        graph = graph._replace(nodes=graph.nodes + new.nodes, edges=graph.edges + new.edges)
    return mlp(params["decoder"], graph.nodes)


def graph_of(data, nodes, edges=None):
    return jraph.GraphsTuple(
        nodes=nodes,
        edges=edges,
        senders=data["senders"],
        receivers=data["receivers"],
        globals=None,
        n_node=jnp.array([nodes.shape[0]]),
        n_edge=jnp.array([data["senders"].shape[0]]),
    )


def square_error(a, b):
    return jnp.mean((a - b) ** 2)


def mesh(params, data):
    graph = graph_of(data, data["nodes"], data["edges"])
    return square_error(mesh_graph_nets(params, graph), data["target"])


def mesh_rollout(params, data):
    def follow(velocity, _):
        nodes = jnp.concatenate([velocity, data["nodes"][:, 2:]], axis=1)
        output = mesh_graph_nets(params, graph_of(data, nodes, data["edges"]))
        return velocity + 0.01 * output, None

    last, _ = jax.lax.scan(follow, data["nodes"][:, :2], length=ROLLOUT)
    return square_error(last, data["target"])


def gcn(params, data):
    first, second = params["layers"]
    graph = graph_of(data, data["nodes"])
    graph = jraph.GraphConvolution(lambda x: x @ first, add_self_edges=True)(graph)
    graph = graph._replace(nodes=jax.nn.relu(graph.nodes))
    nodes = jraph.GraphConvolution(lambda x: x @ second, add_self_edges=True)(graph).nodes
    return square_error(nodes, data["target"])


def gat(params, data):
    heads = params["sender"].shape[1:]

    def logits(sent, received, _):
        def score(queries, weights):
            return jnp.sum(queries * weights, axis=-1, keepdims=True)

        total = score(sent, params["sender"]) + score(received, params["receiver"])
        return jax.nn.leaky_relu(total, 0.2)

    layer = jraph.GAT(lambda x: (x @ params["w"]).reshape(-1, *heads), logits)
    return square_error(layer(graph_of(data, data["nodes"])).nodes, data["target"])


def particles(params, data):
    """GNS without noise: features, network, and the loss of the normalised accelerations."""
    positions, senders, receivers = data["positions"], data["senders"], data["receivers"]
    velocities = jnp.diff(positions, axis=1)
    latest = positions[:, -1]
    types = params["types"][data["particleType"]]
    walls = [jnp.clip(distance / RADIUS, -1, 1) for distance in (latest, 1 - latest)]
    flat = (velocities / VELOCITY).reshape(len(positions), -1)
    nodes = jnp.concatenate([flat, *walls, types], axis=1)
    relative = (latest[senders] - latest[receivers]) / RADIUS
    square = jnp.sum(relative**2, axis=1, keepdims=True)
    distance = jnp.where(square == 0, 0, jnp.sqrt(jnp.where(square == 0, 1, square)))
    edges = jnp.concatenate([relative, distance], axis=1)
    output = mesh_graph_nets(params["network"], graph_of(data, nodes, edges), gns=True)
    target = (data["target"] - latest - velocities[:, -1]) / ACCELERATION
    return jnp.mean(jnp.sum((output - target) ** 2, axis=1))


def molecules(params, graph):
    """The loss of a batch."""
    output = mesh_graph_nets(params, graph._replace(globals=None))
    count = graph.n_node.shape[0]
    ids = jnp.repeat(jnp.arange(count), graph.n_node, total_repeat_length=output.shape[0])
    errors = (jraph.segment_mean(output, ids, count) - graph.globals) ** 2
    mask = jraph.get_graph_padding_mask(graph)[:, None]
    return jnp.sum(jnp.where(mask, errors, 0)) / jnp.sum(mask)


def molecule_batches(graphs):
    """Batches of a pass, padded to one size."""
    n_node = most_in_batch([len(graph.nodes) for graph in graphs]) + 1
    n_edge = most_in_batch([len(graph.senders) for graph in graphs])
    stream = (graphs[i % len(graphs)] for i in range(MOLECULES))
    return jraph.dynamically_batch(stream, n_node, n_edge, BATCH + 1)


LOSSES = {
    "mesh": mesh, "particles": particles, "gcn": gcn, "gat": gat, "molecules": molecules,
}


def main(workload, mode, path):
    loss = mesh_rollout if mode == "rollout" else LOSSES[workload]
    problem = load(path, jnp.asarray)
    data = problem["data"]
    if mode == "epoch":
        graphs = [
            jraph.GraphsTuple(
                nodes=graph["nodes"], edges=graph["edges"], senders=graph["senders"],
                receivers=graph["receivers"], globals=graph["target"],
                n_node=np.array([len(graph["nodes"])]), n_edge=np.array([len(graph["senders"])]),
            )
            for graph in molecules_of(load(path, np.asarray)["data"])
        ]
        data = next(molecule_batches(graphs))

    def forward(params, data):
        return params, loss(params, data)

    def train(params, data):
        value, gradients = jax.value_and_grad(loss)(params, data)
        return jax.tree_util.tree_map(lambda p, g: p - RATE * g, params, gradients), value

    trains = mode in ("train", "epoch")
    step = jax.jit(train, donate_argnums=0) if trains else jax.jit(forward)
    state = {"params": problem["params"]}
    start = time.perf_counter()
    lowered = step.lower(state["params"], data)
    traced = time.perf_counter()
    compiled = lowered.compile()
    end = time.perf_counter()

    def step_with(data):
        state["params"], value = compiled(state["params"], data)
        return value

    def advance():
        if mode != "epoch":
            return step_with(data)
        return sum(step_with(batch) for batch in molecule_batches(graphs))

    float(advance())
    first = {
        "totalMs": (time.perf_counter() - start) * 1e3,
        "traceMs": (traced - start) * 1e3,
        "compileMs": (end - traced) * 1e3,
    }

    def restart():
        state["params"] = load(path, jnp.asarray)["params"]

    memory = compiled.memory_analysis()
    own = memory.temp_size_in_bytes + memory.output_size_in_bytes - memory.alias_size_in_bytes
    increment, small = jax.jit(lambda x: x + 1), jnp.ones(())
    serve(["jax", "jraph"], first, restart, advance, lambda: increment(small), own / 1e6)


main(*sys.argv[1:])

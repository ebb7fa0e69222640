"""A step of GNS restated in NumPy, in float64: types, context and walls to loss and next positions."""

import numpy as np

from mesh_simulators import LATENT, STEPS, draw_mlp, mlp, plain, rounded

rng = np.random.default_rng(3)
N, WINDOW, D, KINEMATIC = 8, 6, 2, 3


def network(params, nodes, edges, senders, receivers):
    """graph_network.py: the blocks of graph_nets read [edge, receiver, sender] and [edges, node]."""
    v, e = mlp(params["encoder"]["nodes"], nodes), mlp(params["encoder"]["edges"], edges)
    for step in params["processor"]:
        new = mlp(step["edges"], np.concatenate([e, v[receivers], v[senders]], 1))
        received = np.zeros_like(v)
        np.add.at(received, receivers, new)
        v = v + mlp(step["nodes"], np.concatenate([received, v], 1))
        e = e + new
    return mlp(params["decoder"], v)


def particle_step():
    radius, noise = 0.4, 6.7e-4
    meta = {
        "dim": D, "bounds": [[0.1, 0.9], [0.2, 0.8]], "default_connectivity_radius": radius,
        "vel_mean": [1e-3, -2e-3], "vel_std": [2e-3, 3e-3], "acc_mean": [1e-4, 2e-4], "acc_std": [3e-4, 2e-4],
        "context_mean": [0.5, 1.0, -1.0], "context_std": [2.0, 0.0, 0.5],
    }
    low, high = np.array(meta["bounds"]).T
    path = rounded(rng.uniform(low, high, (N, 1, D)) + np.cumsum(rng.normal(0, 3e-3, (N, WINDOW + 1, D)), 1))
    x, target = path[:, :WINDOW], path[:, WINDOW]
    types = np.array([5, 3, 6, 7, 0, 5, 3, 5])
    context = np.array([1.5, 1.0, -0.25])

    deviation = lambda name: np.sqrt(np.square(meta[name]) + noise**2)
    velocity, last = np.diff(x, axis=1), x[:, -1]
    walls = [np.clip((last - low) / radius, -1, 1), np.clip((high - last) / radius, -1, 1)]
    embedding = rounded(rng.normal(0, 1, (9, 16)))
    given = (context - meta["context_mean"]) / np.maximum(meta["context_std"], 1e-8)
    scaled = ((velocity - meta["vel_mean"]) / deviation("vel_std")).reshape(N, -1)
    nodes = np.concatenate([scaled, *walls, embedding[types], np.tile(given, (N, 1))], 1)
    distance = np.linalg.norm(last[:, None] - last[None], axis=-1)
    receivers, senders = np.nonzero(distance <= radius)
    way = (last[senders] - last[receivers]) / radius
    edges = np.concatenate([way, np.linalg.norm(way, axis=1, keepdims=True)], 1)

    hidden = [LATENT, LATENT]
    params = {
        "encoder": {"nodes": draw_mlp([nodes.shape[1], *hidden], True), "edges": draw_mlp([D + 1, *hidden], True)},
        "processor": [
            {"nodes": draw_mlp([2 * LATENT, *hidden], True), "edges": draw_mlp([3 * LATENT, *hidden], True)}
            for _ in range(STEPS)
        ],
        "decoder": draw_mlp([LATENT, LATENT, D], False),
    }
    output = network(params, nodes, edges, senders, receivers)
    acceleration = target - 2 * last + x[:, -2]
    error = output - (acceleration - meta["acc_mean"]) / deviation("acc_std")
    moved = last + velocity[:, -1] + output * deviation("acc_std") + meta["acc_mean"]
    return plain({
        "metadata": meta, "noise": noise, "particleType": types, "context": context, "positions": x, "target": target,
        "params": {"network": params, "types": embedding},
        "loss": float((error**2).sum(1)[types != KINEMATIC].mean()), "next": moved,
    })

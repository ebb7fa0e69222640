"""Writes golden.json: GNS and MeshGraphNets restated in NumPy, from features to the next frame, and metrics.

    python3 -m pip install -r requirements.txt
    python3 generate.py

Each function is written from the formulas of Learning to Simulate, in float64, and shares nothing
with the package. Metrics are those of OTT and POT.
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import ot
from bodies import bodies
from mesh_simulators import mesh_simulators
from ott.geometry.pointcloud import PointCloud
from ott.tools.sinkhorn_divergence import sinkhorn_divergence
from particle_step import particle_step

jax.config.update("jax_enable_x64", True)
rng = np.random.default_rng(0)
N, W = 7, 6


def moments(dim):
    return {
        "vel_mean": rng.normal(0, 1e-3, dim).tolist(), "vel_std": rng.uniform(1e-3, 3e-3, dim).tolist(),
        "acc_mean": rng.normal(0, 1e-4, dim).tolist(), "acc_std": rng.uniform(1e-4, 3e-4, dim).tolist(),
    }


def wrap(way, box):
    return way if box is None else way - np.round(way / box) * box


def case(dim, periodic):
    low, high = np.full(dim, 0.1), np.full(dim, 0.9)
    box = high - low if periodic else None
    noise, radius = 6.7e-4, 0.3
    meta = {
        "dim": dim, "bounds": np.stack([low, high], 1).tolist(), "default_connectivity_radius": radius,
        **moments(dim),
    }
    if periodic:
        meta["periodic_boundary_conditions"] = [True] * dim
    start = rng.uniform(0.1, 0.9, (N, 1, dim))
    path = start + np.cumsum(rng.normal(0, 3e-3, (N, W + 1, dim)), 1)
    if periodic:
        path = low + np.mod(path - low, box)
    path = path.astype(np.float32).astype(np.float64)
    x, target = path[:, :W], path[:, W]

    deviation = lambda name: np.sqrt(np.array(meta[name]) ** 2 + noise**2)
    velocity = wrap(np.diff(x, axis=1), box)
    parts = [((velocity - meta["vel_mean"]) / deviation("vel_std")).reshape(N, -1)]
    last = x[:, -1]
    if not periodic:
        parts += [np.clip((last - low) / radius, -1, 1), np.clip((high - last) / radius, -1, 1)]

    senders, receivers = [], []
    for receiver in range(N):
        for sender in range(N):
            if np.linalg.norm(wrap(last[sender] - last[receiver], box)) <= radius:
                senders.append(sender)
                receivers.append(receiver)
    relative = wrap(last[senders] - last[receivers], box) / radius
    edges = np.concatenate([relative, np.linalg.norm(relative, axis=1, keepdims=True)], 1)

    next_velocity = wrap(target - last, box)
    acceleration = (next_velocity - velocity[:, -1] - meta["acc_mean"]) / deviation("acc_std")

    predicted = rng.normal(0, 1, (N, dim)).astype(np.float32).astype(np.float64)
    moved = last + velocity[:, -1] + predicted * deviation("acc_std") + meta["acc_mean"]
    if periodic:
        moved = low + np.mod(moved - low, box)
    return {
        "metadata": meta, "noise": noise, "positions": x.tolist(), "target": target.tolist(),
        "senders": senders, "receivers": receivers,
        "nodes": np.concatenate(parts, 1).tolist(), "edges": edges.tolist(),
        "acceleration": acceleration.tolist(), "predicted": predicted.tolist(), "moved": moved.tolist(),
    }


def relu_mlp(params, x):
    for i, (w, b) in enumerate(params):
        x = x @ w + b
        if i < len(params) - 1:
            x = np.maximum(x, 0)
    return x


def layer_norm(x):
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)


def network():
    """Encode, one step, decode, in the order of graph_nets' blocks."""
    latent, n, e = 4, 5, 8
    draw = lambda *shape: rng.normal(0, 0.5, shape).astype(np.float32).astype(np.float64)
    make = lambda *sizes: [(draw(a, b), draw(b)) for a, b in zip(sizes[:-1], sizes[1:])]
    params = {
        "encoder": {"nodes": make(3, latent, latent), "edges": make(2, latent, latent)},
        "step": {"nodes": make(2 * latent, latent, latent), "edges": make(3 * latent, latent, latent)},
        "decoder": make(latent, latent, 2),
    }
    nodes, edges = draw(n, 3), draw(e, 2)
    senders, receivers = rng.integers(0, n, e), rng.integers(0, n, e)
    v = layer_norm(relu_mlp(params["encoder"]["nodes"], nodes))
    h = layer_norm(relu_mlp(params["encoder"]["edges"], edges))
    new = layer_norm(relu_mlp(params["step"]["edges"], np.concatenate([h, v[receivers], v[senders]], 1)))
    received = np.zeros((n, latent))
    np.add.at(received, receivers, new)
    v = v + layer_norm(relu_mlp(params["step"]["nodes"], np.concatenate([received, v], 1)))
    as_list = lambda layers: [{"w": w.tolist(), "b": b.tolist()} for w, b in layers]
    return {
        "params": {
            "encoder": {k: as_list(x) for k, x in params["encoder"].items()},
            "step": {k: as_list(x) for k, x in params["step"].items()},
            "decoder": as_list(params["decoder"]),
        },
        "nodes": nodes.tolist(), "edges": edges.tolist(),
        "senders": senders.tolist(), "receivers": receivers.tolist(),
        "output": relu_mlp(params["decoder"], v).tolist(),
    }


def noise_deviations():
    """Of the random walk: per step, after how many steps, in units of the scale."""
    steps = W - 1
    each = rng.normal(0, 1 / np.sqrt(steps), (400000, steps))
    velocity = np.cumsum(each, 1)
    position = np.cumsum(velocity, 1)
    return {"velocity": velocity.std(0).tolist(), "position": position.std(0).tolist()}


def sinkhorn():
    """The divergence of two clouds as OTT has it, which LagrangeBench reports, and as POT's plan gives it."""
    a, b = (rng.random((k, 2)).astype(np.float32).astype(np.float64) for k in (6, 9))
    epsilon = 0.1

    def cost(x, y):
        n, m = len(x), len(y)
        c = ot.dist(x, y)
        plan = ot.sinkhorn(np.full(n, 1 / n), np.full(m, 1 / m), c, epsilon, stopThr=1e-14, numItermax=10000)
        return (plan * c).sum() + epsilon * (plan * np.log(plan * n * m)).sum()

    divergence, _ = sinkhorn_divergence(
        PointCloud, jnp.asarray(a), jnp.asarray(b), epsilon=epsilon,
        solve_kwargs={"threshold": 1e-13, "max_iterations": 10000},
    )
    return {
        "predicted": a.tolist(), "truth": b.tolist(), "epsilon": epsilon,
        "ott": float(divergence), "pot": cost(a, b) - (cost(a, a) + cost(b, b)) / 2,
    }


golden = {
    "particles": [case(2, False), case(3, False), case(3, True)],
    "network": network(),
    "noise": noise_deviations(),
    "sinkhorn": sinkhorn(),
    "meshes": mesh_simulators(),
    "bodies": bodies(),
    "particleStep": particle_step(),
}
path = pathlib.Path(__file__).parent / "golden.json"
path.write_text(json.dumps(golden))

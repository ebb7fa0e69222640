"""MeshGraphNets restated in NumPy, in float64: a step of cylinder_flow, flag_simple and deforming_plate.

Features, normalisers that have seen the step alone, the network, the loss and the next frame are written
from the formulas of Pfaff et al. 2021 and its code, and share nothing with the package.
"""

import itertools

import numpy as np

NORMAL, OBSTACLE, HANDLE, INFLOW, OUTFLOW, WALL = 0, 1, 3, 4, 5, 6
LATENT, STEPS = 4, 2
rng = np.random.default_rng(1)


def rounded(x):
    """What float32 holds, in float64."""
    return np.asarray(x).astype(np.float32).astype(np.float64)


def edges_of(cells):
    pairs = {tuple(sorted(pair)) for cell in cells for pair in itertools.combinations(cell, 2)}
    ends = np.array([(a, b) for pair in sorted(pairs) for a, b in (pair, pair[::-1])])
    return ends[:, 0], ends[:, 1]


def way(x, senders, receivers):
    relative = x[senders] - x[receivers]
    return np.concatenate([relative, np.linalg.norm(relative, axis=1, keepdims=True)], 1)


def one_hot(types):
    return np.eye(9)[types]


class Normalizer:
    def __init__(self, rows):
        self.mean = rows.mean(0)
        self.std = np.maximum(rows.std(0), 1e-8)

    def __call__(self, rows):
        return (rows - self.mean) / self.std

    def inverse(self, rows):
        return rows * self.std + self.mean


def draw_mlp(sizes, norm):
    layers = [
        {"w": rounded(rng.normal(0, 0.5, (a, b))), "b": rounded(rng.normal(0, 0.5, b))}
        for a, b in zip(sizes[:-1], sizes[1:])
    ]
    scaled = {"scale": rounded(rng.uniform(0.5, 1.5, sizes[-1])), "offset": rounded(rng.normal(0, 0.5, sizes[-1]))}
    return {"layers": layers, "layerNorm": scaled if norm else None}


def mlp(params, x):
    for i, layer in enumerate(params["layers"]):
        x = x @ layer["w"] + layer["b"]
        if i < len(params["layers"]) - 1:
            x = np.maximum(x, 0)
    norm = params["layerNorm"]
    if norm is None:
        return x
    return (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5) * norm["scale"] + norm["offset"]


def draw_network(node_size, set_sizes, output_size):
    hidden = [LATENT, LATENT]
    make = lambda size: draw_mlp([size, *hidden], True)
    return {
        "encoder": {"nodes": make(node_size), **{name: make(size) for name, size in set_sizes.items()}},
        "processor": [
            {"nodes": make(LATENT * (1 + len(set_sizes))), **{name: make(3 * LATENT) for name in set_sizes}}
            for _ in range(STEPS)
        ],
        "decoder": draw_mlp([LATENT, LATENT, output_size], False),
    }


def network(params, nodes, sets):
    """core_model.py: nodes read the new edges of each set in turn, before the residuals."""
    v = mlp(params["encoder"]["nodes"], nodes)
    e = {name: mlp(params["encoder"][name], rows) for name, (rows, _, _) in sets.items()}
    for step in params["processor"]:
        parts, new = [v], {}
        for name, (_, senders, receivers) in sets.items():
            new[name] = mlp(step[name], np.concatenate([v[senders], v[receivers], e[name]], 1))
            received = np.zeros_like(v)
            np.add.at(received, receivers, new[name])
            parts.append(received)
        v = v + mlp(step["nodes"], np.concatenate(parts, 1))
        e = {name: e[name] + new[name] for name in e}
    return mlp(params["decoder"], v)


def run(nodes, sets, target):
    """The normalised output and target, and the output in the target's unit."""
    params = draw_network(nodes.shape[1], {name: rows.shape[1] for name, (rows, _, _) in sets.items()}, target.shape[1])
    normal = {name: (Normalizer(rows)(rows), s, r) for name, (rows, s, r) in sets.items()}
    normalizer = Normalizer(target)
    output = network(params, Normalizer(nodes)(nodes), normal)
    return params, output, normalizer(target), normalizer.inverse(output)


def record(cells, types, mesh_pos, **fields):
    shaped = {"cells": cells[None], "node_type": types[None, :, None], "mesh_pos": mesh_pos[None], **fields}
    return {name: {"shape": list(x.shape), "data": x.flatten().tolist()} for name, x in shaped.items()}


def squared(error, mask):
    """Summed over components, averaged over the nodes of the mask."""
    return float((error**2).sum(1)[mask].mean())


def flow():
    """cfd_model.py: the change of velocity, of NORMAL and OUTFLOW nodes."""
    cells = np.array([[0, 1, 4], [1, 5, 4], [1, 2, 5], [2, 3, 5], [4, 5, 6]])
    types = np.array([INFLOW, WALL, NORMAL, OUTFLOW, NORMAL, NORMAL, OUTFLOW])
    x = rounded(rng.uniform(0, 1, (7, 2)))
    velocity = rounded(rng.normal(0, 1, (2, 7, 2)))
    senders, receivers = edges_of(cells)
    nodes = np.concatenate([velocity[0], one_hot(types)], 1)
    sets = {"edges": (way(x, senders, receivers), senders, receivers)}
    params, output, target, change = run(nodes, sets, velocity[1] - velocity[0])
    mask = np.isin(types, [NORMAL, OUTFLOW])
    return {
        "record": record(cells, types, x, velocity=velocity), "params": params,
        "loss": squared(output - target, mask),
        "next": np.where(mask[:, None], velocity[0] + change, velocity[1]),
    }


def cloth():
    """cloth_model.py: the acceleration, of NORMAL nodes."""
    cells = np.array([[0, 1, 3], [1, 4, 3], [1, 2, 4], [3, 4, 5]])
    types = np.array([HANDLE, NORMAL, HANDLE, NORMAL, NORMAL, NORMAL])
    u = rounded(rng.uniform(0, 1, (6, 2)))
    x = rounded(rng.normal(0, 1, (3, 6, 3)))
    x[:, types == HANDLE] = x[0, types == HANDLE]
    senders, receivers = edges_of(cells)
    nodes = np.concatenate([x[1] - x[0], one_hot(types)], 1)
    rows = np.concatenate([way(x[1], senders, receivers), way(u, senders, receivers)], 1)
    params, output, target, acceleration = run(nodes, {"edges": (rows, senders, receivers)}, x[2] - 2 * x[1] + x[0])
    mask = types == NORMAL
    return {
        "record": record(cells, types, u, world_pos=x), "params": params,
        "loss": squared(output - target, mask),
        "next": np.where(mask[:, None], 2 * x[1] + acceleration - x[0], x[1]),
    }


def plate():
    """Two tetrahedra and an obstacle that comes near: motion and the root of the stress."""
    radius = 1.05
    cells = np.array([[0, 1, 2, 3], [1, 2, 3, 4], [5, 6, 7, 8]])
    types = np.array([HANDLE, NORMAL, NORMAL, NORMAL, NORMAL, *[OBSTACLE] * 4])
    u = rounded([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1], [2, 1, 1], [2, 2, 1], [2, 1, 2], [3, 1, 1]])
    now = rounded(u + rng.normal(0, 0.05, u.shape))
    now[types == OBSTACLE] -= [0.7, 0, 0]
    now = rounded(now)
    x = np.stack([now, rounded(now + rng.normal(0, 0.05, u.shape))])
    x[1, types == HANDLE] = x[0, types == HANDLE]
    stress = rounded(rng.uniform(0, 9, (2, 9, 1))) * (types != OBSTACLE)[:, None]
    senders, receivers = edges_of(cells)
    joined = set(zip(senders, receivers))
    near = [
        (a, b) for a in range(9) for b in range(9)
        if a != b and (a, b) not in joined and np.linalg.norm(x[0, a] - x[0, b]) <= radius
    ]
    touching = np.array(near).T
    free = types == NORMAL
    motion = np.where(free[:, None], 0, x[1] - x[0])
    nodes = np.concatenate([x[0], motion, one_hot(types)], 1)
    rows = np.concatenate([way(x[0], senders, receivers), way(u, senders, receivers)], 1)
    sets = {"edges": (rows, senders, receivers), "worldEdges": (way(x[0], *touching), *touching)}
    target = np.concatenate([x[1] - x[0], np.sqrt(stress[1])], 1)
    params, output, normal, change = run(nodes, sets, target)
    error = output - normal
    is_plate = types != OBSTACLE
    return {
        "record": record(cells, types, u, world_pos=x, stress=stress), "params": params, "radius": radius,
        "numWorldEdges": len(near),
        "loss": squared(error[:, :3], free) + squared(error[:, 3:], is_plate),
        "next": np.where(free[:, None], x[0] + change[:, :3], x[1]),
        "stress": np.where(is_plate[:, None], np.maximum(change[:, 3:], 0) ** 2, stress[1]),
    }


def plain(tree):
    """Arrays as lists."""
    if isinstance(tree, dict):
        return {name: plain(branch) for name, branch in tree.items()}
    if isinstance(tree, list):
        return [plain(branch) for branch in tree]
    return tree.tolist() if isinstance(tree, np.ndarray) else tree


def mesh_simulators():
    return plain({"flow": flow(), "cloth": cloth(), "plate": plate()})

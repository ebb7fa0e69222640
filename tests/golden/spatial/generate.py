"""Writes golden.json: neighbours and interpolated values by SciPy, world edges by brute force in NumPy.

    python3 -m pip install -r requirements.txt
    python3 generate.py
"""

import json
import pathlib

import numpy as np
from scipy.spatial import Delaunay, cKDTree

rng = np.random.default_rng(0)
N = 40


def points(n, dim):
    return rng.random((n, dim)).astype(np.float32)


def radius_case(dim, radius, box):
    x = points(N, dim)
    tree = cKDTree(x.astype(np.float64), boxsize=box)
    pairs = tree.query_pairs(radius, output_type="ndarray")
    both = np.concatenate([pairs, pairs[:, ::-1]])
    both = both[np.lexsort((both[:, 0], both[:, 1]))]
    return {
        "positions": x.tolist(), "radius": radius, "box": box,
        "senders": both[:, 0].tolist(), "receivers": both[:, 1].tolist(),
    }


def nearest_case(dim, k, box):
    x = points(N, dim)
    tree = cKDTree(x.astype(np.float64), boxsize=box)
    # The nearest one is the point itself.
    _, index = tree.query(x.astype(np.float64), k + 1)
    return {"positions": x.tolist(), "k": k, "box": box, "senders": index[:, 1:].ravel().tolist()}


def world_case():
    """Two sheets, one folded over the other: MeshGraphNets' world edges, pair by pair."""
    n = 5
    grid = np.stack(np.meshgrid(np.arange(n), np.arange(n), indexing="ij"), -1).reshape(-1, 2)
    lower = np.concatenate([grid * 0.1, np.zeros((n * n, 1))], 1)
    upper = np.concatenate([grid * 0.1 + 0.03, np.full((n * n, 1), 0.06)], 1)
    x = np.concatenate([lower, upper]).astype(np.float32)
    x += rng.normal(scale=0.01, size=x.shape).astype(np.float32)
    mesh = set()
    for first in (0, n * n):
        for i in range(n):
            for j in range(n):
                a = first + i * n + j
                if i + 1 < n:
                    mesh.add((a, a + n))
                if j + 1 < n:
                    mesh.add((a, a + 1))
                if i + 1 < n and j + 1 < n:
                    mesh.add((a + 1, a + n))
    radius = 0.12
    edges = [
        (s, r)
        for r in range(len(x))
        for s in range(len(x))
        if s != r and (s, r) not in mesh and (r, s) not in mesh
        and np.linalg.norm(x[s].astype(np.float64) - x[r].astype(np.float64)) <= radius
    ]
    mesh = sorted(mesh)
    return {
        "positions": x.tolist(), "radius": radius,
        "meshSenders": [a for a, _ in mesh], "meshReceivers": [b for _, b in mesh],
        "senders": [s for s, _ in edges], "receivers": [r for _, r in edges],
    }


def transfer_case(dim):
    x = points(30, dim)
    mesh = Delaunay(x.astype(np.float64))
    targets = points(40, dim)
    values = rng.normal(size=(30, 2)).astype(np.float32)
    cells = mesh.find_simplex(targets.astype(np.float64))
    expected = []
    for cell, target in zip(cells, targets.astype(np.float64)):
        if cell < 0:
            expected.append(None)
            continue
        transform = mesh.transform[cell]
        shares = transform[:dim] @ (target - transform[dim])
        weights = np.append(shares, 1 - shares.sum())
        expected.append((weights @ values[mesh.simplices[cell]].astype(np.float64)).tolist())
    return {
        "positions": x.tolist(), "cells": mesh.simplices.ravel().tolist(),
        "targets": targets.tolist(), "values": values.tolist(), "expected": expected,
    }


golden = {
    "radius": [
        radius_case(dim, radius, box)
        for dim, radius in [(1, 0.06), (2, 0.17), (3, 0.31)]
        for box in [None, 1.0]
    ],
    "nearest": [nearest_case(dim, 5, box) for dim in (1, 2, 3) for box in [None, 1.0]],
    "world": world_case(),
    "transfer": {"triangle": transfer_case(2), "tetra": transfer_case(3)},
}
path = pathlib.Path(__file__).parent / "golden.json"
path.write_text(json.dumps(golden) + "\n")

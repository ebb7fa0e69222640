"""SciPy's cKDTree as a process that is told what to do by lines on its standard input.

    python neighbors_scipy.py CASE POINTS EDGES

POINTS is float32 [N, 3], raw. Each answer is a line of JSON: `edges` writes senders and receivers, int32,
to EDGES, and `run 5` gives {ms, cpuMs} a graph over so many graphs.
"""

import json
import sys
import time

import numpy as np
from scipy.spatial import cKDTree

case, points_path, edges_path = sys.argv[1:]
settings = json.loads(case)
points = np.fromfile(points_path, np.float32).reshape(-1, 3).astype(np.float64)


def edges():
    """Senders and receivers; the tree included."""
    tree = cKDTree(points, boxsize=settings["box"])
    if settings["k"] is None:
        # The fastest of its ways: each pair once, as an array.
        pairs = tree.query_pairs(settings["radius"], output_type="ndarray")
        return np.concatenate([pairs, pairs[:, ::-1]]).T
    # The nearest one is the point itself.
    _, nearest = tree.query(points, settings["k"] + 1)
    receivers = np.repeat(np.arange(len(points)), settings["k"])
    return np.stack([nearest[:, 1:].ravel(), receivers])


def run(count):
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        edges()
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    return {"ms": 1000 * wall / count, "cpuMs": 1000 * cpu / count}


def write(_):
    senders, receivers = edges()
    order = np.lexsort((senders, receivers))
    np.stack([senders[order], receivers[order]]).astype(np.int32).tofile(edges_path)
    return len(order)


commands = {"edges": write, "run": run}
for line in sys.stdin:
    command, count = line.split()
    print(json.dumps(commands[command](int(count))), flush=True)

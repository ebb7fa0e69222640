"""JAX, M.D.'s neighbour list as a process that is told what to do by lines on its standard input.

    python neighbor_list_jax_md.py CASE POINTS EDGES

POINTS is float32 [2, N, dim], raw: positions, and what they move by in a step. Each answer is a line of
JSON: `edges` writes senders and receivers after a run, int32, to EDGES, and `run 5` gives {ms, cpuMs} a
step over so many runs.
"""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax_md import partition, space

case, points_path, edges_path = sys.argv[1:]
settings = json.loads(case)
positions, moves = np.fromfile(points_path, np.float32).reshape(2, -1, settings["dim"])
displacement, shift = space.periodic(1.0)
neighbors = partition.neighbor_list(
    displacement, 1.0, settings["radius"], dr_threshold=0.0, capacity_multiplier=1.5,
    format=partition.NeighborListFormat.Sparse,
)
allocated = neighbors.allocate(jnp.asarray(positions))


@jax.jit
def roll(x, listed):
    def step(carry, _):
        x, listed = carry
        return (shift(x, moves), listed.update(x)), None

    return jax.lax.scan(step, (x, listed), None, length=settings["steps"])[0]


def run(count):
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        jax.block_until_ready(roll(positions, allocated)[1].idx)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    steps = count * settings["steps"]
    return {"ms": 1000 * wall / steps, "cpuMs": 1000 * cpu / steps}


def write(_):
    listed = roll(positions, allocated)[1]
    assert not listed.did_buffer_overflow
    receivers, senders = np.asarray(listed.idx)
    kept = receivers < len(positions)
    receivers, senders = receivers[kept], senders[kept]
    order = np.lexsort((senders, receivers))
    np.stack([senders[order], receivers[order]]).astype(np.int32).tofile(edges_path)
    return len(order)


commands = {"edges": write, "run": run}
for line in sys.stdin:
    command, count = line.split()
    print(json.dumps(commands[command](int(count))), flush=True)

"""A rollout of GNS in JAX, its neighbours found by JAX, M.D., as LagrangeBench does: one program.

    python3 rollout_jax_md.py PROBLEM.safetensors [--split]

Reads the problem that benchmarks/rollout.ts wrote, and obeys lines as mesh_graph_nets_jax.py does; a
step is a whole rollout, its loss the sum of all positions times the problem's probe. With --split the
products over concatenations are split by hand.
"""

import importlib.metadata
import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax_md import partition, space
from networks import after_first_product, load, mlp

jax.config.update("jax_platforms", "cpu")


def message_passing(params, nodes, edges, senders, receivers):
    """New nodes and edges, in GNS's order."""
    new = mlp(params["edges"], jnp.concatenate([edges, nodes[receivers], nodes[senders]], axis=1))
    received = jax.ops.segment_sum(new, receivers, len(nodes))
    return mlp(params["nodes"], jnp.concatenate([received, nodes], axis=1)), new


def split_message_passing(params, nodes, edges, senders, receivers):
    """The same with products before the gathers, by hand."""
    w_edge, w_receiver, w_sender = jnp.split(params["edges"]["layers"][0]["w"], 3)
    product = edges @ w_edge + (nodes @ w_receiver)[receivers] + (nodes @ w_sender)[senders]
    new = after_first_product(params["edges"], product)
    received = jax.ops.segment_sum(new, receivers, len(nodes))
    w_received, w_node = jnp.split(params["nodes"]["layers"][0]["w"], 2)
    return after_first_product(params["nodes"], received @ w_received + nodes @ w_node), new


def make_rollout(problem, settings, step):
    radius, noise = settings["default_connectivity_radius"], settings["noise"]
    deviation = lambda std: np.sqrt(np.square(np.array(std)) + noise**2).astype(np.float32)
    mean = lambda name: np.array(settings[f"{name}_mean"], np.float32)
    vel_mean, vel_std = mean("vel"), deviation(settings["vel_std"])
    acc_mean, acc_std = mean("acc"), deviation(settings["acc_std"])
    displacement, _ = space.periodic(1.0)
    neighbors = partition.neighbor_list(
        displacement, 1.0, radius, dr_threshold=0.0, capacity_multiplier=1.25, mask_self=False,
        format=partition.NeighborListFormat.Sparse,
    )
    wrap = lambda way, box=1.0: way - jnp.round(way / box) * box
    types = problem["params"]["types"][problem["particleType"]]

    def predict(params, window, listed):
        latest = window[-1]
        velocity = wrap(window[1:] - window[:-1])
        count = latest.shape[0]
        scaled = jnp.transpose((velocity - vel_mean) / vel_std, (1, 0, 2)).reshape(count, -1)
        receivers, senders = listed.idx
        relative = wrap((latest[senders] - latest[receivers]) / radius, 1.0 / radius)
        distance = jnp.sqrt(jnp.sum(relative**2, axis=1, keepdims=True))
        nodes = mlp(params["encoder"]["nodes"], jnp.concatenate([scaled, types], axis=1))
        edges = mlp(params["encoder"]["edges"], jnp.concatenate([relative, distance], axis=1))
        for step_params in params["processor"]:
            new_nodes, new_edges = step(step_params, nodes, edges, senders, receivers)
            nodes, edges = nodes + new_nodes, edges + new_edges
        acceleration = mlp(params["decoder"], nodes) * acc_std + acc_mean
        return jnp.mod(latest + velocity[-1] + acceleration, 1.0)

    @jax.jit
    def rollout(params, start, listed):
        def follow(carry, _):
            window, listed = carry
            listed = listed.update(window[-1])
            following = predict(params, window, listed)
            return (jnp.concatenate([window[1:], following[None]]), listed), following

        (_, listed), positions = jax.lax.scan(follow, (start, listed), None, settings["steps"])
        return positions, listed.did_buffer_overflow

    return neighbors, rollout


class Contender:
    def __init__(self, path, step):
        self.problem, settings = load(path)
        neighbors, rollout = make_rollout(self.problem, settings, step)
        start = self.problem["position"]
        self.args = (self.problem["params"]["network"], start, neighbors.allocate(start[-1]))
        began = time.perf_counter()
        lowered = rollout.lower(*self.args)
        traced = time.perf_counter()
        self.rollout = lowered.compile()
        compiled = time.perf_counter()
        self.run(1)
        self.first_call = {
            "totalMs": (time.perf_counter() - began) * 1e3,
            "traceMs": (traced - began) * 1e3,
            "compileMs": (compiled - traced) * 1e3,
        }

    def first(self, _):
        versions = [f"{name} {importlib.metadata.version(name)}" for name in ("jax", "jax-md")]
        return {**self.first_call, "version": ", ".join(versions)}

    def losses(self, count):
        positions, did_overflow = self.rollout(*self.args)
        assert not did_overflow
        return [float(jnp.sum(positions * self.problem["probe"]))] * count

    def run(self, count):
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(count):
            jax.block_until_ready(self.rollout(*self.args))
        return {
            "ms": (time.perf_counter() - start) * 1e3 / count,
            "cpuMs": (time.process_time() - cpu) * 1e3 / count,
        }

    def dispatch(self, _):
        return 0


def main(path, *flags):
    contender = Contender(path, split_message_passing if "--split" in flags else message_passing)
    for line in sys.stdin:
        command, count = line.split()
        print(json.dumps(getattr(contender, command)(int(count))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

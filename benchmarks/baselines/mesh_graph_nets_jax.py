"""The benchmark's training step in JAX, written as one writes it with jraph.

    python3 mesh_graph_nets_jax.py PROBLEM.safetensors [--split]

Reads the problem that benchmarks/train_step.ts wrote, reports its first call, and then obeys lines
like `run 50` on its standard input (see benchmarks/contender.ts). With --split the products over
concatenations are split by hand, so that what belongs to nodes is computed for nodes.
"""

import importlib.metadata
import json
import sys
import time

import jax
import jax.numpy as jnp
import optax

# jraph uses names that today's JAX has moved.
jax.tree_map = jax.tree_util.tree_map
jax.tree_leaves = jax.tree_util.tree_leaves

import jraph  # noqa: E402
from networks import after_first_product, load, mlp  # noqa: E402

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_threefry_partitionable", True)

NORMAL, OUTFLOW, NODE_TYPES = 0, 5, 9


# The network


def message_passing(params, graph):
    """New nodes and edges, as everyone writes it."""
    return jraph.InteractionNetwork(
        update_edge_fn=lambda edges, sender, receiver: mlp(
            params["edges"], jnp.concatenate([sender, receiver, edges], axis=1)
        ),
        update_node_fn=lambda nodes, received: mlp(
            params["nodes"], jnp.concatenate([nodes, received], axis=1)
        ),
    )(graph)


def split_message_passing(params, graph):
    """The same with products before the gathers, by hand."""
    nodes, edges, receivers, senders = graph[:4]
    w_sender, w_receiver, w_edge = jnp.split(params["edges"]["layers"][0]["w"], 3)
    product = (nodes @ w_sender)[senders] + (nodes @ w_receiver)[receivers] + edges @ w_edge
    edges = after_first_product(params["edges"], product)
    received = jraph.segment_sum(edges, receivers, nodes.shape[0])
    w_node, w_received = jnp.split(params["nodes"]["layers"][0]["w"], 2)
    nodes = after_first_product(params["nodes"], nodes @ w_node + received @ w_received)
    return graph._replace(nodes=nodes, edges=edges)


def network(params, graph, step):
    """Encode, process, decode: MeshGraphNets (Pfaff et al. 2021)."""
    graph = graph._replace(
        nodes=mlp(params["encoder"]["nodes"], graph.nodes),
        edges=mlp(params["encoder"]["edges"], graph.edges),
    )
    for step_params in params["processor"]:
        new = step(step_params, graph)
        graph = graph._replace(nodes=graph.nodes + new.nodes, edges=graph.edges + new.edges)
    return mlp(params["decoder"], graph.nodes)


# The online normalisers


def accumulate(state, rows, mask):
    counts = state["numAccumulations"] < 1e6
    count = jnp.sum(mask.astype(jnp.float32))
    mean = jnp.sum(jnp.where(mask[:, None], rows, 0), axis=0) / jnp.maximum(count, 1)
    shift = jnp.where(state["count"] == 0, mean, state["shift"])
    kept = jnp.where(mask[:, None], rows - shift, 0)
    more = {
        "count": count,
        "numAccumulations": 1.0,
        "sum": jnp.sum(kept, axis=0),
        "sumSquared": jnp.sum(kept**2, axis=0),
    }
    sums = {name: jnp.where(counts, state[name] + more[name], state[name]) for name in more}
    return {**sums, "shift": shift}


def normalize(state, rows):
    count = jnp.maximum(state["count"], 1)
    mean = state["sum"] / count
    variance = state["sumSquared"] / count - mean**2
    std = jnp.maximum(jnp.sqrt(jnp.maximum(variance, 0)), 1e-8)
    return (rows - state["shift"] - mean) / std


# The training step


def sample(trajectory, step, settings):
    """A frame with noise as a graph, and the change of velocity to predict."""
    mesh, velocity = trajectory["mesh"], trajectory["velocity"]
    key = jax.random.fold_in(jax.random.key(settings["seed"]), step)
    frame = jax.random.uniform(key, (1,), maxval=velocity.shape[0] - 1).astype(jnp.int32)[0]
    current, following = velocity[frame], velocity[frame + 1]
    noise_key, _ = jax.random.split(key)
    is_normal = (mesh["nodeType"] == NORMAL).astype(jnp.float32)[:, None]
    noise = jax.random.normal(noise_key, current.shape)
    current = current + noise * is_normal * settings["noiseScale"]
    position = mesh["position"]
    relative = position[mesh["senders"]] - position[mesh["receivers"]]
    distance = jnp.linalg.norm(relative, axis=1, keepdims=True)
    graph = jraph.GraphsTuple(
        nodes=jnp.concatenate([current, jax.nn.one_hot(mesh["nodeType"], NODE_TYPES)], axis=1),
        edges=jnp.concatenate([relative, distance], axis=1),
        senders=mesh["senders"],
        receivers=mesh["receivers"],
        globals=None,
        n_node=jnp.array([position.shape[0]]),
        n_edge=jnp.array([mesh["senders"].shape[0]]),
    )
    return graph, following - current


def make_train_step(settings, message_passing):
    optimizer = optax.chain(
        optax.clip_by_global_norm(settings["maxNorm"]),
        optax.adam(
            optax.warmup_cosine_decay_schedule(
                0,
                settings["peakRate"],
                settings["warmupSteps"],
                settings["decaySteps"],
                settings["endRate"],
            )
        ),
    )

    def loss_fn(params, normalizers, graph, target, node_type):
        output = network(
            params,
            graph._replace(
                nodes=normalize(normalizers["nodes"], graph.nodes),
                edges=normalize(normalizers["edges"], graph.edges),
            ),
            message_passing,
        )
        errors = jnp.sum((output - normalize(normalizers["output"], target)) ** 2, axis=1)
        mask = ((node_type == NORMAL) | (node_type == OUTFLOW)).astype(jnp.float32)
        return jnp.sum(errors * mask) / jnp.maximum(jnp.sum(mask), 1)

    def train_step(state, trajectory):
        mesh = trajectory["mesh"]
        graph, target = sample(trajectory, state["step"], settings)
        normalizers = {
            "nodes": accumulate(state["normalizers"]["nodes"], graph.nodes, mesh["nodeMask"]),
            "edges": accumulate(state["normalizers"]["edges"], graph.edges, mesh["edgeMask"]),
            "output": accumulate(state["normalizers"]["output"], target, mesh["nodeMask"]),
        }
        loss, grads = jax.value_and_grad(loss_fn)(
            state["params"], normalizers, graph, target, mesh["nodeType"]
        )
        updates, optimizer_state = optimizer.update(grads, state["optimizer"])
        params = optax.apply_updates(state["params"], updates)
        return {
            "params": params,
            "normalizers": normalizers,
            "optimizer": optimizer_state,
            "step": state["step"] + 1,
        }, loss

    return optimizer.init, jax.jit(train_step, donate_argnums=0)


# The contender


class Contender:
    def __init__(self, path, message_passing):
        self.path = path
        problem, settings = load(path)
        self.trajectory = problem["trajectory"]
        self.init_optimizer, train_step = make_train_step(settings, message_passing)
        self.state = self.initial_state()
        start = time.perf_counter()
        lowered = train_step.lower(self.state, self.trajectory)
        traced = time.perf_counter()
        self.step = lowered.compile()
        compiled = time.perf_counter()
        self.run(1)
        end = time.perf_counter()
        self.first_call = {
            "totalMs": (end - start) * 1e3,
            "traceMs": (traced - start) * 1e3,
            "compileMs": (compiled - traced) * 1e3,
        }

    def initial_state(self):
        state = load(self.path)[0]["state"]
        return {**state, "optimizer": self.init_optimizer(state["params"])}

    def first(self, _):
        versions = [f"{name} {importlib.metadata.version(name)}" for name in ("jax", "jraph")]
        return {**self.first_call, "version": ", ".join(versions)}

    def losses(self, count):
        """The losses of the first steps."""
        self.state = self.initial_state()
        losses = []
        for _ in range(count):
            self.state, loss = self.step(self.state, self.trajectory)
            losses.append(float(loss))
        return losses

    def run(self, count):
        """Milliseconds a step, over so many steps: by the clock, and of all cores' time."""
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(count):
            self.state, loss = self.step(self.state, self.trajectory)
        jax.block_until_ready((self.state, loss))
        return {
            "ms": (time.perf_counter() - start) * 1e3 / count,
            "cpuMs": (time.process_time() - cpu) * 1e3 / count,
        }

    def dispatch(self, count):
        """Microseconds a call of the smallest program."""
        increment = jax.jit(lambda x: x + 1)
        x = increment(jnp.ones(2)).block_until_ready()
        start = time.perf_counter()
        for _ in range(count):
            y = increment(x)
        y.block_until_ready()
        return (time.perf_counter() - start) * 1e6 / count


def main(path, *flags):
    split = "--split" in flags
    contender = Contender(path, split_message_passing if split else message_passing)
    for line in sys.stdin:
        command, count = line.split()
        print(json.dumps(getattr(contender, command)(int(count))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

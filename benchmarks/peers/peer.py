"""What the peers' contenders share: the problem's file, and the lines that they obey."""

import importlib.metadata
import json
import re
import resource
import sys
import time

from safetensors import safe_open

RATE = 1e-4

# As in workloads.ts, molecules.ts and particles.ts.
ROLLOUT = 10
MOLECULES, BATCH = 10_000, 128
RADIUS, VELOCITY, ACCELERATION = 0.06, 0.01, 0.014


def load(path, convert):
    """The problem's tensors as a tree: paths are like `params.processor[0].nodes.layers[1].w`."""
    root = {}
    with safe_open(path, "numpy") as file:
        for name in file.keys():
            *parents, last = re.findall(r"[^.\[\]]+", name)
            node = root
            for parent in parents:
                node = node.setdefault(parent, {})
            node[last] = convert(file.get_tensor(name))
    return lists_of(root)


def lists_of(node):
    """Dictionaries with the keys 0, 1, ... become lists."""
    if not isinstance(node, dict):
        return node
    items = {name: lists_of(child) for name, child in node.items()}
    return [items[str(i)] for i in range(len(items))] if "0" in items else items


def molecules_of(data):
    """The graphs of a problem as dictionaries; their arrays are numpy's or torch's."""
    graphs, node, edge = [], 0, 0
    for i, (n, e) in enumerate(zip(data["nNode"].tolist(), data["nEdge"].tolist())):
        graphs.append({
            "nodes": data["nodes"][node:node + n],
            "target": data["target"][i:i + 1],
            **{name: data[name][edge:edge + e] for name in ("edges", "senders", "receivers")},
        })
        node, edge = node + n, edge + e
    return graphs


def most_in_batch(counts):
    """The largest sum of BATCH numbers in a row, when they come round again and again."""
    around = [counts[i % len(counts)] for i in range(len(counts) + BATCH)]
    return max(sum(around[i:i + BATCH]) for i in range(len(counts)))


def serve(packages, first, restart, advance, dispatch, program_mb=None):
    """Answers each line, `command count`, by a line of JSON. `advance` takes a step and gives its
    loss; float() waits for it."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)

    def losses(count):
        restart()
        return [float(advance()) for _ in range(count)]

    def run(count):
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(count):
            loss = advance()
        float(loss)
        return {
            "ms": (time.perf_counter() - start) * 1e3 / count,
            "cpuMs": (time.process_time() - cpu) * 1e3 / count,
        }

    def timed_dispatch(count):
        float(dispatch())
        start = time.perf_counter()
        for _ in range(count):
            result = dispatch()
        float(result)
        return (time.perf_counter() - start) * 1e6 / count

    commands = {
        "first": lambda _: {**first, "version": versions},
        "losses": losses,
        "run": run,
        "dispatch": timed_dispatch,
        "memory": lambda _: {
            "peakMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
            "programMb": program_mb,
        },
    }
    for line in sys.stdin:
        command, count = line.split()
        print(json.dumps(commands[command](int(count))), flush=True)

"""The workloads in PyTorch Geometric, as one writes them:
`peer_torch.py WORKLOAD MODE PROBLEM [--csr]`. With --csr the graph is a sparse matrix."""

import sys
import time
import warnings

import torch

from peer import (
    ACCELERATION, BATCH, MOLECULES, RADIUS, RATE, ROLLOUT, VELOCITY, load, molecules_of, serve,
)

warnings.filterwarnings("ignore")

from torch_geometric.data import Data  # noqa: E402
from torch_geometric.loader import DataLoader  # noqa: E402
from torch_geometric.nn import GATConv, GCNConv, global_mean_pool  # noqa: E402
from torch_geometric.utils import scatter  # noqa: E402


def mlp(params, x):
    *hidden, last = params["layers"]
    for layer in hidden:
        x = torch.relu(torch.addmm(layer["b"], x, layer["w"]))
    x = torch.addmm(last["b"], x, last["w"])
    if "layerNorm" not in params:
        return x
    norm = params["layerNorm"]
    return torch.nn.functional.layer_norm(x, x.shape[-1:], norm["scale"], norm["offset"], 1e-5)


def mesh_graph_nets(params, nodes, edges, senders, receivers, gns=False):
    def joined(*parts):
        return torch.cat(parts[::-1] if gns else parts, 1)

    nodes = mlp(params["encoder"]["nodes"], nodes)
    edges = mlp(params["encoder"]["edges"], edges)
    for step in params["processor"]:
        new_edges = mlp(step["edges"], joined(nodes[senders], nodes[receivers], edges))
        received = scatter(new_edges, receivers, dim_size=nodes.shape[0], reduce="sum")
        new_nodes = mlp(step["nodes"], joined(nodes, received))
        nodes, edges = nodes + new_nodes, edges + new_edges
    return mlp(params["decoder"], nodes)


def square_error(a, b):
    return torch.mean((a - b) ** 2)


def on_mesh(params, data, nodes):
    return mesh_graph_nets(params, nodes, data["edges"], data["senders"], data["receivers"])


def mesh(data, _csr):
    return lambda params: square_error(on_mesh(params, data, data["nodes"]), data["target"])


def mesh_rollout(data, _csr):
    def rollout(params):
        velocity = data["nodes"][:, :2]
        for _ in range(ROLLOUT):
            nodes = torch.cat([velocity, data["nodes"][:, 2:]], 1)
            velocity = velocity + 0.01 * on_mesh(params, data, nodes)
        return square_error(velocity, data["target"])

    return rollout


def gcn(data, csr):
    """Two layers whose normalisation is computed once, as `cached=True` has it."""
    layers = [GCNConv(64, 64, cached=True, bias=False) for _ in range(2)]
    # The weights are those of the problem, so the product stands outside of the layer.
    for layer in layers:
        layer.lin = torch.nn.Identity()
    edges = torch.stack([data["senders"], data["receivers"]])
    if csr:
        n = data["nodes"].shape[0]
        ones = torch.ones(edges.shape[1])
        edges = torch.sparse_coo_tensor(edges.flip(0), ones, (n, n)).to_sparse_csr()

    def loss(params):
        first, second = params["layers"]
        x = torch.relu(layers[0](data["nodes"] @ first, edges))
        return square_error(layers[1](x @ second, edges), data["target"])

    return loss


def gat(data, _csr):
    layer = GATConv(64, 8, heads=8, add_self_loops=False, bias=False)
    edges = torch.stack([data["senders"], data["receivers"]])

    def loss(params):
        weights = {
            "lin.weight": params["w"].t(),
            "att_src": params["sender"],
            "att_dst": params["receiver"],
        }
        nodes = torch.func.functional_call(layer, weights, (data["nodes"], edges))
        return square_error(torch.nn.functional.leaky_relu(nodes, 0.01), data["target"])

    return loss


def particles(data, _csr):
    """GNS without noise: features, network, and the loss of the normalised accelerations."""
    positions, senders, receivers = data["positions"], data["senders"], data["receivers"]

    def loss(params):
        velocities = torch.diff(positions, dim=1)
        latest = positions[:, -1]
        walls = [torch.clamp(distance / RADIUS, -1, 1) for distance in (latest, 1 - latest)]
        types = params["types"][data["particleType"]]
        flat = (velocities / VELOCITY).reshape(len(positions), -1)
        nodes = torch.cat([flat, *walls, types], 1)
        relative = (latest[senders] - latest[receivers]) / RADIUS
        edges = torch.cat([relative, relative.norm(dim=1, keepdim=True)], 1)
        output = mesh_graph_nets(params["network"], nodes, edges, senders, receivers, gns=True)
        target = (data["target"] - latest - velocities[:, -1]) / ACCELERATION
        return torch.mean(torch.sum((output - target) ** 2, 1))

    return loss


def molecule_loss(params, batch):
    senders, receivers = batch.edge_index
    output = mesh_graph_nets(params, batch.x, batch.edge_attr, senders, receivers)
    return square_error(global_mean_pool(output, batch.batch), batch.y)


LOSSES = {"mesh": mesh, "particles": particles, "gcn": gcn, "gat": gat}


def leaves(node):
    if isinstance(node, torch.Tensor):
        return [node]
    children = node.values() if isinstance(node, dict) else node
    return [leaf for child in children for leaf in leaves(child)]


def main(workload, mode, path, *flags):
    def convert(array):
        tensor = torch.from_numpy(array.copy())
        return tensor.long() if tensor.dtype == torch.int32 else tensor

    problem = load(path, convert)
    state = {}

    def restart():
        state["params"] = load(path, convert)["params"]
        state["leaves"] = leaves(state["params"])
        for leaf in state["leaves"]:
            leaf.requires_grad_(mode in ("train", "epoch"))

    if mode == "epoch":
        graphs = [
            Data(
                x=graph["nodes"], edge_attr=graph["edges"], y=graph["target"],
                edge_index=torch.stack([graph["senders"], graph["receivers"]]),
            )
            for graph in molecules_of(problem["data"])
        ]
        stream = DataLoader([graphs[i % len(graphs)] for i in range(MOLECULES)], BATCH)
    else:
        make = mesh_rollout if mode == "rollout" else LOSSES[workload]
        loss = make(problem["data"], "--csr" in flags)

    def forward():
        with torch.no_grad():
            return loss(state["params"])

    def descend(value):
        gradients = torch.autograd.grad(value, state["leaves"])
        with torch.no_grad():
            torch._foreach_add_(state["leaves"], gradients, alpha=-RATE)
        return value.detach()

    def epoch():
        return sum(descend(molecule_loss(state["params"], batch)) for batch in stream)

    advance = {
        "forward": forward, "rollout": forward, "epoch": epoch,
        "train": lambda: descend(loss(state["params"])),
    }[mode]
    restart()
    start = time.perf_counter()
    float(advance())
    first = {"totalMs": (time.perf_counter() - start) * 1e3, "traceMs": 0, "compileMs": 0}
    small = torch.ones(())
    serve(["torch", "torch_geometric"], first, restart, advance, lambda: small + 1)


main(*sys.argv[1:])

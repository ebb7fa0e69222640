"""The workloads in PyTorch Geometric, as one writes them:
`peer_torch.py WORKLOAD forward|train PROBLEM [--csr]`. With --csr the graph is a sparse matrix."""

import sys
import time
import warnings

import torch

from peer import RATE, load, serve

warnings.filterwarnings("ignore")

from torch_geometric.nn import GCNConv  # noqa: E402
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


def mesh_graph_nets(params, graph):
    senders, receivers = graph["senders"], graph["receivers"]
    nodes = mlp(params["encoder"]["nodes"], graph["nodes"])
    edges = mlp(params["encoder"]["edges"], graph["edges"])
    for step in params["processor"]:
        new_edges = mlp(step["edges"], torch.cat([nodes[senders], nodes[receivers], edges], 1))
        received = scatter(new_edges, receivers, dim_size=nodes.shape[0], reduce="sum")
        new_nodes = mlp(step["nodes"], torch.cat([nodes, received], 1))
        nodes, edges = nodes + new_nodes, edges + new_edges
    return mlp(params["decoder"], nodes)


class Gcn:
    """Two layers whose normalisation is computed once, as `cached=True` has it."""

    def __init__(self, graph, csr):
        self.layers = [GCNConv(64, 64, cached=True, bias=False) for _ in range(2)]
        # The weights are those of the problem, so the product stands outside of the layer.
        for layer in self.layers:
            layer.lin = torch.nn.Identity()
        self.edges = torch.stack([graph["senders"], graph["receivers"]])
        if csr:
            n = graph["nodes"].shape[0]
            ones = torch.ones(self.edges.shape[1])
            self.edges = torch.sparse_coo_tensor(self.edges.flip(0), ones, (n, n)).to_sparse_csr()

    def __call__(self, params, graph):
        first, second = self.layers
        x = self.layer(first, graph["nodes"], params["layers"][0])
        return self.layer(second, torch.relu(x), params["layers"][1])

    def layer(self, convolution, x, weights):
        return convolution(x @ weights, self.edges)


def main(workload, mode, path, *flags):
    def convert(array):
        tensor = torch.from_numpy(array.copy())
        return tensor.long() if tensor.dtype == torch.int32 else tensor

    problem = load(path, convert)
    graph, target = problem["graph"], problem["target"]
    network = Gcn(graph, "--csr" in flags) if workload == "gcn" else mesh_graph_nets
    state = {}

    def leaves(node):
        if isinstance(node, torch.Tensor):
            return [node]
        children = node.values() if isinstance(node, dict) else node
        return [leaf for child in children for leaf in leaves(child)]

    def restart():
        state["params"] = load(path, convert)["params"]
        state["leaves"] = leaves(state["params"])
        for leaf in state["leaves"]:
            leaf.requires_grad_(mode == "train")

    def loss():
        return torch.mean((network(state["params"], graph) - target) ** 2)

    def forward():
        with torch.no_grad():
            return loss()

    def train():
        value = loss()
        gradients = torch.autograd.grad(value, state["leaves"])
        with torch.no_grad():
            torch._foreach_add_(state["leaves"], gradients, alpha=-RATE)
        return value.detach()

    advance = train if mode == "train" else forward
    restart()
    start = time.perf_counter()
    float(advance())
    first = {"totalMs": (time.perf_counter() - start) * 1e3, "traceMs": 0, "compileMs": 0}
    small = torch.ones(())
    serve(["torch", "torch_geometric"], first, restart, advance, lambda: small + 1)


main(*sys.argv[1:])

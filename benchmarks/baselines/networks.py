"""What the baselines in JAX share: problems read from files, and MLPs."""

import json
import re

import jax
import jax.numpy as jnp
from safetensors import safe_open


def load(path):
    """The problem's tensors as a tree, and its settings."""
    with safe_open(path, "numpy") as file:
        tensors = {name: jnp.asarray(file.get_tensor(name)) for name in file.keys()}
        return unflatten(tensors), json.loads(file.metadata()["settings"])


def unflatten(tensors):
    """Nests tensors by their paths, which are like `state.params.processor[0].nodes.layers[1].w`."""
    root = {}
    for path, tensor in tensors.items():
        *parents, last = re.findall(r"[^.\[\]]+", path)
        node = root
        for name in parents:
            node = node.setdefault(name, {})
        node[last] = tensor
    return lists_of(root)


def lists_of(node):
    """Dictionaries with the keys 0, 1, ... become lists."""
    if not isinstance(node, dict):
        return node
    items = {name: lists_of(child) for name, child in node.items()}
    if "0" not in items:
        return items
    return [items[str(i)] for i in range(len(items))]


def after_first_product(params, x):
    """An MLP, from the product with its first weights on."""
    first, *rest = params["layers"]
    x = x + first["b"]
    for layer in rest:
        x = jax.nn.relu(x) @ layer["w"] + layer["b"]
    return layer_norm(params["layerNorm"], x) if "layerNorm" in params else x


def mlp(params, x):
    return after_first_product(params, x @ params["layers"][0]["w"])


def layer_norm(params, x):
    mean = jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.var(x, axis=-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * params["scale"] + params["offset"]

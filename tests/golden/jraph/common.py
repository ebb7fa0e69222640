"""What the golden cases are made with: jraph itself, random arrays, and their form in JSON.

Arrays are written as {shape, dtype, data}; NaN and infinities as strings. Losses are the sum of all
outputs, each multiplied by the cosine of its place (`probe`), so that the tests can do the same.
"""

import jax
import jax.numpy as jnp
import numpy as np

# jraph uses names that today's JAX has moved.
jax.tree_map = jax.tree_util.tree_map
jax.tree_leaves = jax.tree_util.tree_leaves

import jraph  # noqa: E402

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_default_matmul_precision", "highest")

# NumPy makes the counts of padding int64.
DTYPES = {"float32": "float32", "int32": "int32", "int64": "int32", "bool": "bool"}


def number(x):
    """A JSON value that reads back as the same float32."""
    if isinstance(x, (bool, int)):
        return int(x)
    if np.isfinite(x):
        return float(f"{x:.9g}")
    return str(x)


def encode(tree):
    """Arrays as records, in the nests that they are in."""
    if tree is None:
        return None
    if hasattr(tree, "_asdict"):
        names = {"n_node": "nNode", "n_edge": "nEdge"}
        return {names.get(k, k): encode(v) for k, v in tree._asdict().items()}
    if isinstance(tree, dict):
        return {k: encode(v) for k, v in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [encode(v) for v in tree]
    x = np.asarray(tree)
    return {
        "shape": list(x.shape),
        "dtype": DTYPES[str(x.dtype)],
        "data": [number(v) for v in x.ravel().tolist()],
    }


def probe(tree):
    """A loss that tells all outputs apart."""
    return sum(
        jnp.sum(leaf * jnp.cos(jnp.arange(leaf.size, dtype=jnp.float32)).reshape(leaf.shape))
        for leaf in jax.tree_util.tree_leaves(tree)
    )


class Draw:
    """Random arrays and graphs, from a seed of each file's own."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def uniform(self, *shape):
        return self.rng.uniform(-1.5, 1.5, shape).astype(np.float32)

    def integers(self, *shape):
        return self.rng.integers(-9, 9, shape).astype(np.int32)

    def graph(self, n_node, n_edge, nests=False, **nulls):
        """Graphs of given sizes with random edges."""
        senders, receivers, first = [], [], 0
        for n, e in zip(n_node, n_edge):
            senders += [first + int(i) for i in self.rng.integers(0, max(n, 1), e)]
            receivers += [first + int(i) for i in self.rng.integers(0, max(n, 1), e)]
            first += n
        N, E, G = sum(n_node), sum(n_edge), len(n_node)
        uniform = self.uniform
        made = jraph.GraphsTuple(
            nodes={"a": uniform(N, 2), "b": [uniform(N, 1)]} if nests else uniform(N, 3),
            edges={"e": uniform(E, 2)} if nests else uniform(E, 2),
            receivers=np.array(receivers, np.int32),
            senders=np.array(senders, np.int32),
            globals=[uniform(G, 1), uniform(G, 1)] if nests else uniform(G, 2),
            n_node=np.array(n_node, np.int32),
            n_edge=np.array(n_edge, np.int32),
        )
        return made._replace(**nulls)

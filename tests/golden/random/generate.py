"""Writes golden.json: what jax.random gives on a CPU for keys, shapes and options.

    python3 -m pip install -r requirements.txt
    python3 generate.py

Words are written as int32, floats by their bits as int32, so that nothing is lost in decimals.
"""

import json
import pathlib

import jax
import numpy as np

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_threefry_partitionable", True)

SEEDS = [0, 1, 42, -1, -7, 2**31 - 1, 2**31, 2**32 - 1, 2**33 + 5, -(2**31), -(2**40) - 3]
SHAPES = [[], [1], [7], [3, 5], [2, 3, 4], [101]]
RANGES = [[0.0, 1.0], [-1.0, 1.0], [0.1, 0.7], [-3.3, 5.7], [1e-3, 1e3], [5.0, 5.0001], [2.0, 2.0]]
PROBABILITIES = [0.0, 0.1, 0.5, 0.9, 1.0]
# Around 1625 and 2642245 elements a permutation takes another round.
COUNTS = [0, 1, 2, 3, 10, 101, 1625, 1626, 2000]
CHECKSUM_FROM = 500


def words(x):
    return np.asarray(x).astype(np.uint32).view(np.int32).ravel().tolist()


def float_bits(x):
    return np.asarray(x, np.float32).view(np.int32).ravel().tolist()


def checksum(x):
    """Of an order: its first 20 numbers and sum(x[i] * (i + 1))."""
    x = np.asarray(x, np.int64)
    return {"first": x[:20].tolist(), "weighted": int((x * np.arange(1, len(x) + 1)).sum())}


def keys():
    """Keys of every kind: of seeds, of nested splits, folded."""
    out = [jax.random.PRNGKey(seed) for seed in SEEDS]
    nested = jax.random.PRNGKey(9)
    for i in range(4):
        nested = jax.random.split(nested, i + 2)[i]
    return [*out, nested, jax.random.fold_in(jax.random.PRNGKey(5), 123)]


def fold_in_data():
    return [0, 1, 7, 2**31 - 1, 2**31, 2**32 - 1]


def permute_cases(key):
    cases = []
    for count in COUNTS:
        order = jax.random.permutation(key, count)
        small = count < CHECKSUM_FROM
        cases.append({"x": count, "order": words(order) if small else checksum(order)})
    rows = np.arange(35, dtype=np.float32).reshape(7, 5)
    return {
        "key": words(key),
        "counts": cases,
        "rows": np.asarray(jax.random.permutation(key, rows)).astype(int).tolist(),
        "vector": np.asarray(jax.random.permutation(key, rows[:, 0])).astype(int).tolist(),
    }


def main():
    all_keys = keys()
    some = [all_keys[i] for i in (0, 3, -2)]
    golden = {
        "jax": jax.__version__,
        "seeds": [{"seed": s, "key": words(jax.random.PRNGKey(s))} for s in SEEDS],
        "split": [
            {"key": words(k), "num": n, "keys": words(jax.random.split(k, n))}
            for k in all_keys
            for n in (1, 2, 5)
        ],
        "nested": words(all_keys[-2]),
        "foldIn": [
            {"key": words(k), "data": d, "folded": words(jax.random.fold_in(k, np.uint32(d)))}
            for k in some
            for d in fold_in_data()
        ],
        "bits": [
            {"key": words(k), "shape": s, "bits": words(jax.random.bits(k, s))}
            for k, shapes in [*((k, SHAPES[:4]) for k in all_keys), (some[0], SHAPES[4:])]
            for s in shapes
        ],
        "uniform": [
            {
                "key": words(k),
                "shape": s,
                "range": r,
                "floats": float_bits(jax.random.uniform(k, s, minval=r[0], maxval=r[1])),
            }
            for k in some
            for r in RANGES
            for s in ([], [3, 5], [31])
        ],
        "normal": [
            {"key": words(k), "shape": s, "floats": float_bits(jax.random.normal(k, s))}
            for k, shapes in [*((k, SHAPES[:4]) for k in all_keys), (some[0], SHAPES[4:])]
            for s in shapes
        ],
        "bernoulli": [
            {
                "key": words(k),
                "p": p,
                "shape": s,
                "flips": np.asarray(jax.random.bernoulli(k, p, s)).astype(int).ravel().tolist(),
            }
            for k in some
            for p in PROBABILITIES
            for s in ([], [7], [3, 5])
        ],
        "bernoulliOf": {
            "key": words(some[0]),
            "p": [0.1, 0.3, 0.5, 0.7, 0.9],
            "flips": np.asarray(
                jax.random.bernoulli(some[0], np.array([0.1, 0.3, 0.5, 0.7, 0.9], np.float32), (3, 5))
            ).astype(int).ravel().tolist(),
        },
        "permutation": [permute_cases(k) for k in some],
        "erfInv": erf_inv_cases(),
    }
    path = pathlib.Path(__file__).parent / "golden.json"
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in golden.items())
    path.write_text("{\n" + lines + "\n}\n")


def erf_inv_cases():
    tiny = np.array([0, 1e-37, 1e-7, 1e-4], np.float32)  # no subnormals: XLA flushes them to zero
    middle = np.linspace(0.01, 0.99, 50, dtype=np.float32)
    near_one = (1 - 2.0 ** -np.arange(7, 25)).astype(np.float32)
    x = np.concatenate([tiny, middle, near_one])
    x = np.concatenate([x, -x, np.array([1, -1], np.float32)])
    return {"x": float_bits(x), "y": float_bits(jax.lax.erf_inv(x))}


if __name__ == "__main__":
    main()

"""Segment functions: values, and first and second derivatives."""

import inspect

import jax
import jax.numpy as jnp
import numpy as np

from common import Draw, encode, jraph, probe

DRAW = Draw(20220831)

BY_ROW = {"segment_normalize", "segment_softmax"}
NAMES = [
    "segment_sum",
    "segment_mean",
    "segment_variance",
    "segment_normalize",
    "segment_max",
    "segment_max_or_constant",
    "segment_min",
    "segment_min_or_constant",
    "segment_softmax",
]
# JAX adds no bools, and divides none as numbers.
# These gather from their segments, which JAX does not do where there are none.
GATHER = BY_ROW | {"segment_variance"}
OF_BOOL = {"segment_max", "segment_min"}


def inputs():
    """Title, rows, ids, number of segments, options."""
    uniform = DRAW.uniform
    ids = np.array([3, 0, 3, 1, 0, 5, 3, 1], np.int32)
    ties = np.array([[1, 2], [4, 4], [1, 5], [0, 1], [4, 7], [2, 2], [1, 5], [0, 0]], np.float32)
    with_nan, with_inf = uniform(8), uniform(8)
    with_nan[2] = np.nan
    with_inf[1] = -np.inf
    out = np.array([2, -1, 0, 7, 2, 2, 0, 3], np.int32)
    bools = np.array([1, 0, 1, 0, 0, 1, 0, 0], bool)
    return [
        ("rows with ids out of range", uniform(8, 2), out, 4, {}),
        ("one column, empty segments", uniform(8), ids, 7, {}),
        # Rows far enough apart that a variance is no difference of nearly equal numbers.
        ("rank 3", uniform(8, 2, 3) + np.arange(8, dtype=np.float32)[:, None, None], ids, 6, {}),
        ("ties", ties, ids, 6, {}),
        ("NaN in one segment", with_nan, ids, 6, {}),
        ("minus infinity among numbers", with_inf, ids, 6, {}),
        ("int32", DRAW.integers(8, 2), ids, 6, {}),
        ("int32, ids out of range", DRAW.integers(8), out, 4, {}),
        ("bool", bools, ids, 6, {}),
        ("numSegments left out", uniform(8), ids, None, {}),
        ("numSegments left out, negative ids", uniform(8, 2), out, None, {}),
        ("no rows", uniform(0, 2), np.zeros(0, np.int32), 3, {}),
        ("no segments", uniform(3, 2), np.zeros(3, np.int32), 0, {}),
        ("all ids out of range", uniform(3), np.array([-1, 9, 4], np.int32), 4, {}),
        ("one row a segment", uniform(4, 2), np.array([3, 1, 0, 2], np.int32), 4, {}),
        ("sorted", uniform(8, 2), np.sort(ids), 6, {"indices_are_sorted": True}),
        ("unique", uniform(4), np.array([3, 1, 0, 5], np.int32), 6, {"unique_indices": True}),
        ("another constant", uniform(8), ids, 7, {"constant": -2.5}),
        ("a large eps", uniform(8, 2), ids, 6, {"eps": 0.25}),
    ]


def finish(made):
    return {
        k: encode(v) if isinstance(v, (np.ndarray, jax.Array)) else v for k, v in made.items()
    }


def case(name, title, data, ids, num, options):
    fn = getattr(jraph, name)
    takes = inspect.signature(fn).parameters
    given = {"constant": 1.5, **options} if "constant" in takes else dict(options)
    if any(key not in takes for key in given) or (data.dtype == bool and name not in OF_BOOL):
        return None
    if num == 0 and name in GATHER:
        return None
    count = num if num is not None else int(ids.max()) + 1
    f = lambda x: fn(x, ids, num, **given)
    value = f(data)
    made = {"fn": name, "title": title, "data": data, "ids": ids, "num": num, "options": given}
    kept = (ids >= 0) & (ids < count)
    if name in BY_ROW:  # What a dropped row itself gets is an accident of JAX's gather.
        column = kept.reshape((-1,) + (1,) * (value.ndim - 1))
        inner = f
        f = lambda x: jnp.where(column, inner(x), 0)
    made["value"] = f(data)
    if data.dtype == np.float32 and np.isfinite(data).all() and data.size > 0 and count > 0:
        # Infinities of empty segments get no weight.
        weights = np.where(np.isfinite(value), DRAW.uniform(*value.shape), 0).astype(np.float32)
        direction = DRAW.uniform(*data.shape)
        pull = lambda x: jax.vjp(f, x)[1](jnp.asarray(weights))[0]
        gradient = pull(data)
        if not np.isfinite(gradient).all():  # jraph's of rows without a segment: NaN.
            return finish(made)
        made["weights"] = weights
        made["gradient"] = gradient
        made["direction"] = direction
        made["second"] = jax.grad(lambda x: jnp.sum(pull(x) * direction))(data)
    return finish(made)


def partition(logits, partitions, total):
    partitions = np.array(partitions, np.int32)
    f = lambda x: jraph.partition_softmax(x, partitions, total)
    return {
        "logits": encode(logits),
        "partitions": encode(partitions),
        "total": total,
        "value": encode(f(logits)),
        "gradient": encode(jax.grad(lambda x: probe(f(x)))(logits)),
    }


def cases():
    uniform = DRAW.uniform
    segments = [case(name, *given) for name in NAMES for given in inputs()]
    return {
        "segments": [made for made in segments if made is not None],
        "partitions": [
            partition(uniform(6, 2), [2, 0, 3, 1], 6),
            partition(uniform(6), [2, 0, 3, 1], None),
            # Rows beyond the partitions join the last one.
            partition(uniform(8), [2, 0, 3, 1], 8),
            partition(uniform(5), [0, 5, 0], 5),
            partition(uniform(3, 2, 2), [1, 1, 1], 3),
        ],
    }

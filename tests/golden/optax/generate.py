"""Writes golden.json: what Optax makes of the same gradients, steps and predictions.

    python3 -m pip install -r requirements.txt
    python3 generate.py
"""

import json
import pathlib

import jax
import jax.numpy as jnp
import numpy as np
import optax

jax.config.update("jax_platforms", "cpu")

STEPS = 20
rng = np.random.default_rng(0)
PARAMS = {"b": rng.normal(size=3).astype(np.float32), "w": rng.normal(size=(2, 3)).astype(np.float32)}
# Of very different sizes, zeros among them, so that eps and clipping matter.
GRADS = [
    {
        name: (rng.normal(size=p.shape) * 10.0 ** rng.integers(-3, 2)).astype(np.float32)
        for name, p in PARAMS.items()
    }
    for _ in range(STEPS)
]
GRADS[3] = {name: np.zeros_like(p) for name, p in PARAMS.items()}

OPTIMIZERS = {
    "adam": optax.adam(0.1),
    "adam, options": optax.adam(0.05, b1=0.8, b2=0.95, eps=1e-3, eps_root=1e-4),
    "adam, exponential decay": optax.adam(optax.exponential_decay(0.1, 5, 0.5, end_value=1e-2)),
    "adamw": optax.adamw(0.1, weight_decay=0.1),
    "adamw, mask": optax.adamw(0.1, weight_decay=0.1, mask={"b": False, "w": True}),
    "sgd": optax.sgd(0.01),
    "sgd, momentum": optax.sgd(0.01, momentum=0.9),
    "sgd, nesterov": optax.sgd(optax.linear_schedule(0.01, 0.001, 10), momentum=0.9, nesterov=True),
    "clip, adam": optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.1)),
    "ema, sgd": optax.chain(optax.ema(0.9), optax.sgd(0.01)),
    "biased ema, sgd": optax.chain(optax.ema(0.9, debias=False), optax.sgd(0.01)),
}

SCHEDULES = {
    "constant": optax.constant_schedule(0.3),
    "exponentialDecay": optax.exponential_decay(0.1, 10, 0.5),
    "exponentialDecay, options": optax.exponential_decay(
        0.1, 10, 0.5, transition_begin=5, staircase=True, end_value=0.02
    ),
    "exponentialDecay, growth": optax.exponential_decay(0.1, 10, 2.0, end_value=0.5),
    "cosineDecay": optax.cosine_decay_schedule(0.1, 50),
    "cosineDecay, options": optax.cosine_decay_schedule(0.1, 50, alpha=0.1, exponent=2.0),
    "warmupCosineDecay": optax.warmup_cosine_decay_schedule(0.01, 0.1, 10, 60, end_value=0.001),
    "linear": optax.linear_schedule(0.1, 0.01, 40),
    "polynomial": optax.polynomial_schedule(0.1, 0.01, 3, 40, transition_begin=10),
    "piecewiseConstant": optax.piecewise_constant_schedule(0.1, {20: 0.5, 10: 0.1}),
    "join": optax.join_schedules(
        [optax.constant_schedule(0.2), optax.linear_schedule(0.1, 0.0, 10)], [5]
    ),
}
AT = [0, 1, 4, 5, 6, 9, 10, 11, 19, 20, 25, 40, 49, 50, 59, 60, 61, 1000]


def nested(tree):
    return jax.tree.map(lambda x: np.asarray(x).tolist(), tree)


def train(optimizer):
    params = jax.tree.map(jnp.asarray, PARAMS)
    state = optimizer.init(params)
    for grads in GRADS:
        updates, state = optimizer.update(grads, state, params)
        params = optax.apply_updates(params, updates)
    return nested(params)


logits = rng.normal(size=(4, 5)).astype(np.float32) * 10
labels = rng.dirichlet(np.ones(5), size=4).astype(np.float32)
classes = np.array([4, 0, 2, 2], np.int32)
targets = rng.normal(size=(4, 5)).astype(np.float32)

golden = {
    "params": nested(PARAMS),
    "grads": nested(GRADS),
    "optimizers": {name: train(optimizer) for name, optimizer in OPTIMIZERS.items()},
    "steps": AT,
    "schedules": {name: [float(f(step)) for step in AT] for name, f in SCHEDULES.items()},
    "losses": {
        "logits": logits.tolist(),
        "labels": labels.tolist(),
        "classes": classes.tolist(),
        "targets": targets.tolist(),
        "softmaxCrossEntropy": optax.softmax_cross_entropy(logits, labels).tolist(),
        "softmaxCrossEntropyWithIntegerLabels":
            optax.softmax_cross_entropy_with_integer_labels(logits, classes).tolist(),
        "huber": optax.huber_loss(logits, targets, delta=2.0).tolist(),
    },
}
(pathlib.Path(__file__).parent / "golden.json").write_text(json.dumps(golden) + "\n")

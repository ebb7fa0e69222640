"""Writes golden.json: what jax.nn.initializers draw on a CPU.

    python3 -m pip install -r requirements.txt
    python3 generate.py
"""

import json
import pathlib

import jax

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_threefry_partitionable", True)

INITIALIZERS = {
    "glorotNormal": jax.nn.initializers.glorot_normal(),
    "glorotUniform": jax.nn.initializers.glorot_uniform(),
    "heNormal": jax.nn.initializers.he_normal(),
    "heUniform": jax.nn.initializers.he_uniform(),
    "lecunNormal": jax.nn.initializers.lecun_normal(),
    "lecunUniform": jax.nn.initializers.lecun_uniform(),
    "truncatedNormal": jax.nn.initializers.truncated_normal(1.0),
}
SHAPES = [[4, 3], [2, 3, 5]]

golden = [
    {
        "name": name,
        "shape": shape,
        "values": init(jax.random.key(7), tuple(shape)).flatten().tolist(),
    }
    for name, init in INITIALIZERS.items()
    for shape in SHAPES
]
(pathlib.Path(__file__).parent / "golden.json").write_text(json.dumps(golden) + "\n")

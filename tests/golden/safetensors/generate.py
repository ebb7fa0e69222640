"""Writes what the safetensors library of Python writes, and what it reads of our file.

    python3 -m pip install -r requirements.txt
    deno run -A ours.ts
    python3 generate.py

ours.ts writes ours.safetensors with this project's own code.
"""

import json
import pathlib

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent

save_file(
    {
        "weight": np.array([[1.5, -2.0, 3.25], [0.0, 1e-8, np.inf]], np.float32),
        "count": np.array(7, np.int32),
        "mask": np.array([True, False, True]),
        "none": np.zeros((0, 4), np.float32),
    },
    HERE / "python.safetensors",
    metadata={"format": "np"},
)
save_file({"x": np.array([1.0, 2.0])}, HERE / "float64.safetensors")

with safe_open(HERE / "ours.safetensors", "np") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
metadata.pop("meshwork")
seen = {
    "metadata": metadata,
    "tensors": {
        name: {"dtype": str(x.dtype), "shape": list(x.shape), "values": x.flatten().tolist()}
        for name, x in sorted(tensors.items())
    },
}
(HERE / "ours.json").write_text(json.dumps(seen) + "\n")

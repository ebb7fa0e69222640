"""Writes what the safetensors library of Python writes, and what it reads of our file.

    python3 -m pip install -r requirements.txt
    deno run -A ours.ts
    python3 generate.py

ours.ts writes ours.safetensors with this project's own code.
"""

import json
import pathlib

import numpy as np
from safetensors import safe_open, serialize
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

# All dtypes that the readers take, as raw bytes since NumPy has no bfloat16.
NAMES = ["float64", "float32", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool"]
raw = {
    name: (np.array([[0, 1, 2], [3, 100, 127]]) if name != "bool" else np.eye(2, 3)).astype(name)
    for name in NAMES
}
half = np.array([0, 1.5, -2.25, 65504, 6e-8, 1e-4, np.inf, -np.inf], np.float16)
brain = (np.array([1.5, -2, 3e38, 1e-40, np.inf], np.float32).view(np.uint32) >> 16).astype(np.uint16)
dtypes = {name: {"dtype": name, "shape": list(x.shape), "data": x.tobytes()} for name, x in raw.items()}
dtypes["float16"] = {"dtype": "float16", "shape": [8], "data": half.tobytes()}
dtypes["bfloat16"] = {"dtype": "bfloat16", "shape": [5], "data": brain.tobytes()}
(HERE / "dtypes.safetensors").write_bytes(serialize(dtypes, {"note": "all dtypes"}))
(HERE / "integers.safetensors").write_bytes(serialize({k: dtypes[k] for k in NAMES if "int" in k}))
values = {name: x.astype(float).flatten().tolist() for name, x in raw.items()}
values["float16"] = half.astype(float).tolist()
values["bfloat16"] = (brain.astype(np.uint32) << 16).view(np.float32).astype(float).tolist()
(HERE / "dtypes.json").write_text(json.dumps(values).replace("Infinity", "1e999") + "\n")

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

"""Makes MATLAB files of version 5, and what SciPy reads of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

values.mat and packed.mat hold a value of each class, the latter compressed; swapped.mat is in the other
order of bytes, which no program writes any more: it is values.mat with each element turned round.
"""

import json
import pathlib
import struct

import numpy as np
from scipy.io import loadmat, savemat
from scipy.sparse import coo_array

HERE = pathlib.Path(__file__).parent

CLASSES = ["float64", "float32", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]
SIZES = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8, 16: 1, 17: 2}


def values():
    cells = np.empty((2, 3), object)
    for i, item in enumerate(["text", np.eye(2), 3.5, np.zeros((0, 0)), np.int16(-7), "x"]):
        cells[i // 3, i % 3] = item
    structs = np.zeros((1, 2), dtype=[("mass", object), ("name", object)])
    structs[0, 0] = (1.5, "first")
    structs[0, 1] = (np.arange(3.0), "second")
    return {
        **{f"as_{name}": (np.arange(12) - 3 * (name[0] != "u")).reshape(3, 4).astype(name) for name in CLASSES},
        "cube": np.arange(24.0).reshape(2, 3, 4),
        "scalar": 0.1,
        "big": np.array([[2**63 - 1, -(2**63)]]),
        "empty": np.zeros((0, 3)),
        "logical": np.array([[True, False, True]]),
        "complex": np.array([[1 + 2j, -0.5j], [3, 4 - 1j]]),
        "text": "Grüße",
        "lines": np.array(["ab ", "cde"]),
        "sparse": coo_array(([1.5, -2, 4], ([0, 3, 1], [2, 0, 2])), shape=(4, 3)).tocsc(),
        "cells": cells,
        "structs": structs,
        "nested": {"inner": {"x": np.arange(4.0).reshape(2, 2), "label": "deep"}, "y": 2.0},
    }


def plain(value):
    """A value as JSON has it; arrays are shape and row-major values."""
    if isinstance(value, np.ndarray) and value.dtype.names:
        items = [{name: plain(item[name]) for name in value.dtype.names} for item in value.flat]
        return items[0] if value.size == 1 else {"shape": list(value.shape), "items": items}
    if isinstance(value, np.ndarray) and value.dtype == object:
        return {"shape": list(value.shape), "items": [plain(item) for item in value.flat]}
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        return value.tolist()[0] if value.size == 1 else value.tolist()
    if hasattr(value, "tocoo"):
        value = value.tocsc()
        entries = value.tocoo()
        return {
            "shape": list(value.shape),
            "rows": entries.row.tolist(),
            "columns": entries.col.tolist(),
            "values": entries.data.tolist(),
        }
    if np.iscomplexobj(value):
        return {"real": plain(value.real), "imaginary": plain(value.imag)}
    # JavaScript's JSON has no integers of 64 bits.
    is_big = value.dtype.name in ("int64", "uint64")
    data = [str(x) if is_big else x for x in value.flatten().tolist()]
    return {"shape": list(value.shape), "dtype": value.dtype.name, "data": data}


def swap(data, begin, end):
    """Elements in the other order of bytes, and the arrays within them."""
    out = b""
    while begin < end:
        kind, size = struct.unpack_from("<II", data, begin)
        if kind >> 16:
            kind, size = kind & 0xFFFF, kind >> 16
            body = data[begin + 4 : begin + 8]
            out += struct.pack(">HH", size, kind) + turn(kind, body[:size]) + body[size:]
            begin += 8
            continue
        body = data[begin + 8 : begin + 8 + size]
        padded = -size % 8
        inner = swap(body, 0, size) if kind == 14 else turn(kind, body)
        out += struct.pack(">II", kind, size) + inner + b"\0" * padded
        begin += 8 + size + padded
    return out


def turn(kind, body):
    width = SIZES[kind]
    return b"".join(body[i : i + width][::-1] for i in range(0, len(body), width))


def meshes():
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.5]], float)
    triangles = np.array([[1, 2, 3], [1, 3, 4]])
    x, y, z = (points[:, [i]] for i in range(3))
    savemat(HERE / "surface.mat", {"surface": {"X": x, "Y": y, "Z": z, "TRIV": triangles}}, do_compression=True)
    savemat(HERE / "shape.mat", {"VERT": points.astype(np.float32), "TRIV": triangles.astype(np.uint32)})
    savemat(HERE / "patch.mat", {"fv": {"vertices": points, "faces": np.array([[1, 2, 3, 4]])}})
    flat = np.vstack([triangles.T, [[1, 2]]])
    savemat(HERE / "pde.mat", {"p": points[:, :2].T, "e": np.zeros((7, 4)), "t": flat}, do_compression=True)
    solid = np.array([[1], [2], [3], [4], [1]])
    savemat(HERE / "pde_3d.mat", {"p": points.T, "t": solid})


def main():
    savemat(HERE / "values.mat", values(), oned_as="row")
    savemat(HERE / "packed.mat", values(), oned_as="row", do_compression=True)
    data = (HERE / "values.mat").read_bytes()
    header = data[:124] + data[124:126][::-1] + b"MI"
    (HERE / "swapped.mat").write_bytes(header + swap(data, 128, len(data)))
    read = loadmat(HERE / "values.mat", chars_as_strings=True)
    swapped = loadmat(HERE / "swapped.mat", chars_as_strings=True)
    found = {name: plain(value) for name, value in read.items() if not name.startswith("__")}
    for name in found.keys() - {"sparse"}:  # SciPy takes no sparse numbers in the other order.
        assert json.dumps(plain(swapped[name])) == json.dumps(found[name]), name
    (HERE / "expected.json").write_text(json.dumps(found) + "\n")
    meshes()


if __name__ == "__main__":
    main()

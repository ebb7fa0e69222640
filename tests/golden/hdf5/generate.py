"""Makes HDF5 files of all kinds that our reader takes, and what h5py says of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py
"""

import hashlib
import json
import pathlib

import h5py
import numpy as np

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parents[2] / "datasets" / "samples" / "lennard_jones"

TYPES = ["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def values(dtype, shape):
    count = int(np.prod(shape))
    numbers = np.random.default_rng(7).integers(0, 100, count).reshape(shape)
    return (numbers / 8 if dtype.startswith("float") else numbers).astype(dtype)


def write(path, **options):
    with h5py.File(path, "w", **options) as file:
        for dtype in TYPES:
            file.create_dataset(f"plain/{dtype}", data=values(dtype, (3, 4)))
        file["big_endian"] = values("float32", (5,)).astype(">f4")
        file["scalar"] = np.float64(0.5)
        file["empty"] = np.zeros((0, 3), "float32")
        packed = values("float32", (40, 3, 2))
        file.create_dataset("packed/gzip", data=packed, chunks=(16, 2, 2), compression="gzip")
        file.create_dataset("packed/shuffle", data=packed, shuffle=True, compression="gzip")
        file.create_dataset("packed/checksum", data=packed, fletcher32=True)
        file["words"] = np.array([b"a", b"bc"])
        file["never_written/deep"] = h5py.Empty("float32")
        file.create_dataset("unwritten", shape=(1000, 1000), dtype="float32")


def describe(path):
    found = {}

    def visit(name, item):
        if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "fiu" or item.shape is None:
            return
        data = item[()]
        native = np.ascontiguousarray(data.astype(data.dtype.newbyteorder("<")))
        found[name] = {
            "dtype": native.dtype.name,
            "sha256": hashlib.sha256(native.tobytes()).hexdigest(),
            "shape": list(data.shape),
        }

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def main():
    write(HERE / "old.h5", libver="earliest")
    write(HERE / "new.h5", libver="latest", userblock_size=512)
    paths = [HERE / "old.h5", HERE / "new.h5", SAMPLES / "train.h5", SAMPLES / "valid.h5"]
    expected = {path.name: describe(path) for path in paths}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()

"""Makes npy and npz files of all kinds, what NumPy says of them, and checks ours with `--check FOLDER`.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py
"""

import hashlib
import json
import pathlib
import sys
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).parent
TYPES = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]


def arrays():
    random = np.random.default_rng(3)
    numbers = random.integers(0, 100, (2, 3, 4))
    found = {f"type_{name}": numbers.astype(name) for name in TYPES}
    found["big_endian"] = (numbers / 8).astype(">f8")
    found["fortran"] = np.asfortranarray(numbers.astype("<i4"))
    found["scalar"] = np.array(2.5, "<f4")
    found["vector"] = np.arange(5, dtype="<i4")
    found["empty"] = np.zeros((0, 3), "<f4")
    return found


def describe(array):
    native = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
    dtype = "uint8" if native.dtype == bool else native.dtype.name
    sha256 = hashlib.sha256(native.tobytes()).hexdigest()
    return {"dtype": dtype, "sha256": sha256, "shape": list(array.shape)}


def main():
    found = arrays()
    np.savez(HERE / "plain.npz", **found)
    np.savez_compressed(HERE / "packed.npz", **found)
    np.save(HERE / "fortran.npy", found["fortran"])
    np.save(HERE / "objects.npy", np.array([None, "a"], dtype=object), allow_pickle=True)
    with (HERE / "version2.npy").open("wb") as file:
        np.lib.format.write_array(file, found["vector"], version=(2, 0))
    with zipfile.ZipFile(HERE / "commented.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"a comment of " + b"x" * 500
        archive.write(HERE / "version2.npy", "vector.npy")
    expected = {name: describe(array) for name, array in found.items()}
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


def check(folder):
    """Prints what NumPy reads in files that we wrote, for the test that compares it."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.npz")):
        with np.load(path) as file:
            found[path.name] = {name: describe(file[name]) for name in file.files}
    print(json.dumps(found))


if __name__ == "__main__":
    check(sys.argv[2]) if sys.argv[1:2] == ["--check"] else main()

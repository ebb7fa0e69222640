"""Makes small data sets in OGB's raw layout, and what OGB's reader makes of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

The reader restates `read_csv_graph_raw` of OGB 1.3.6 (ogb/io/read_graph_raw.py) with the same calls of
pandas and NumPy, as OGB itself asks for PyTorch.
"""

import gzip
import json
import pathlib

import numpy as np
import pandas as pd

HERE = pathlib.Path(__file__).parent


def table(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(",".join(str(value) for value in row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def make(folder, nodes, edges, label, split, random, node_feat=None, edge_feat=None, extra=None):
    raw = HERE / folder / "raw"
    table(raw / "num-node-list.csv.gz", [[n] for n in nodes])
    table(raw / "num-edge-list.csv.gz", [[e] for e in edges])
    ends = [random.integers(0, n, 2) for n, e in zip(nodes, edges) for _ in range(e)]
    table(raw / "edge.csv.gz", ends)
    if node_feat is not None:
        table(raw / "node-feat.csv.gz", node_feat)
    if edge_feat is not None:
        table(raw / "edge-feat.csv.gz", edge_feat)
    for name, rows in (extra or {}).items():
        table(raw / f"{name}.csv.gz", rows)
    table(raw / label[0], label[1])
    places = random.permutation(len(label[1]))
    for part, rows in zip(["train", "valid", "test"], np.array_split(places, [len(places) // 2, -1])):
        table(HERE / folder / "split" / split / f"{part}.csv.gz", [[i] for i in rows])


def read(raw, name):
    path = raw / f"{name}.csv.gz"
    if not path.exists():
        return None
    values = pd.read_csv(path, compression="gzip", header=None).values
    return values.astype(np.int64 if "int" in str(values.dtype) else np.float32)


def read_graphs(folder, add_inverse_edge):
    raw = HERE / folder / "raw"
    edge = read(raw, "edge").T
    num_node = read(raw, "num-node-list")[:, 0].tolist()
    num_edge = read(raw, "num-edge-list")[:, 0].tolist()
    node_feat, edge_feat = read(raw, "node-feat"), read(raw, "edge-feat")
    found, node, at = [], 0, 0
    for n, e in zip(num_node, num_edge):
        index = edge[:, at : at + e]
        feat = None if edge_feat is None else edge_feat[at : at + e]
        if add_inverse_edge:
            duplicated = np.repeat(index, 2, axis=1)
            duplicated[0, 1::2] = index[1, :]
            duplicated[1, 1::2] = index[0, :]
            index = duplicated
            feat = None if feat is None else np.repeat(feat, 2, axis=0)
        found.append({
            "edge_index": index.tolist(),
            "edge_feat": None if feat is None else feat.tolist(),
            "node_feat": None if node_feat is None else node_feat[node : node + n].tolist(),
            "num_nodes": n,
        })
        node, at = node + n, at + e
    return found


def labels(folder, name):
    values = read(HERE / folder / "raw", name)
    return [[None if np.isnan(v) else float(v) for v in row] for row in values]


def main():
    random = np.random.default_rng(5)
    ints = lambda rows, width: random.integers(0, 100, (rows, width))
    molecules = random.integers(1, 9, 20)
    bonds = random.integers(0, 7, 20)
    tasks = [["" if random.random() < 0.3 else random.integers(0, 2) for _ in range(3)] for _ in range(20)]
    make("molecules", molecules, bonds, ("graph-label.csv.gz", tasks), "scaffold", random,
         ints(molecules.sum(), 9), ints(bonds.sum(), 3))
    feat = random.normal(size=(40, 4)).round(6)
    make("arxiv", [40], [90], ("node-label.csv.gz", ints(40, 1)), "time", random, feat,
         extra={"node_year": ints(40, 1) + 1950})
    make("proteins", [30], [50], ("node-label.csv.gz", ints(30, 5) % 2), "species", random,
         edge_feat=random.random((50, 8)).round(3), extra={"species": ints(30, 1)})
    expected = {
        "molecules": {"graphs": read_graphs("molecules", True), "labels": labels("molecules", "graph-label")},
        "arxiv": {"graphs": read_graphs("arxiv", False), "labels": labels("arxiv", "node-label")},
        "proteins": {"graphs": read_graphs("proteins", True), "labels": labels("proteins", "node-label")},
    }
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()

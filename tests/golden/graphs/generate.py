"""Makes graphs and molecules as text, and what networkx, pandas, NumPy and ASE say of them.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

`read_tu` restates PyTorch Geometric's reader (torch_geometric/io/tu.py) with NumPy, without its sorting
and dropping of edges; `read_linqs` restates StellarGraph's with pandas.
"""

import ast
import gzip
import json
import pathlib

import ase.io
import networkx as nx
import numpy as np
import pandas as pd

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parents[2] / "datasets" / "samples"
RANDOM = np.random.default_rng(2)


def edge_lists():
    (HERE / "plain.edges").write_text("# a comment\n10 2\n2 30 # another\n\n30 10\n2 2\n")
    rows = [f"{a},{b},{w:.3f}" for a, b, w in zip("abcda", "bcdab", RANDOM.normal(size=5))]
    (HERE / "weighted.csv").write_text("\n".join(rows) + "\n")
    plain = nx.read_edgelist(HERE / "plain.edges", create_using=nx.DiGraph)
    weighted = nx.read_weighted_edgelist(HERE / "weighted.csv", delimiter=",", create_using=nx.MultiDiGraph)
    return {
        "plain.edges": [[a, b] for a, b in plain.edges],
        "weighted.csv": [[a, b, w] for a, b, w in weighted.edges.data("weight")],
    }


def node_links():
    graph = nx.DiGraph([("x", "y"), ("y", 3), (3, "x")])
    graph.nodes["x"]["mass"] = 1.5
    (HERE / "networkx.json").write_text(json.dumps(nx.node_link_data(graph, edges="links")))
    data = json.loads((SAMPLES / "les_miserables" / "miserables.json").read_text())
    read = nx.node_link_graph(data, name="index", edges="links", directed=True, multigraph=False)
    return {
        "networkx.json": [[str(a), str(b)] for a, b in graph.edges],
        "miserables.json": sorted([a, b, v] for a, b, v in read.edges.data("value")),
    }


def write_rows(path, rows):
    text = "".join(", ".join(str(value) for value in np.atleast_1d(row)) + "\n" for row in rows)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_tu(folder, name, sizes, attributes):
    path = lambda part: HERE / folder / f"{name}_{part}.txt"
    first = np.cumsum([0, *sizes])
    edges = [RANDOM.integers(a, b, 2) + 1 for a, b in zip(first, first[1:]) for _ in range(2 * (b - a))]
    # Not sorted by graphs, as in some of the sets.
    edges = np.array(edges)[RANDOM.permutation(len(edges))]
    write_rows(path("A"), edges)
    write_rows(path("graph_indicator"), np.repeat(np.arange(len(sizes)), sizes) + 1)
    write_rows(path("node_labels"), RANDOM.integers(0, 5, (first[-1], 1)))
    if attributes:
        write_rows(path("node_attributes"), RANDOM.normal(size=(first[-1], 3)).round(5))
        write_rows(path("edge_labels"), RANDOM.integers(0, 5, (len(edges), 1)))
        write_rows(path("edge_attributes"), RANDOM.normal(size=(len(edges), 2)).round(5))
        write_rows(path("graph_attributes"), RANDOM.normal(size=(len(sizes), 2)).round(5))
    else:
        write_rows(path("graph_labels"), RANDOM.choice([-1, 1], len(sizes)))


def read_tu(folder, name):
    def read(part):
        path = HERE / folder / f"{name}_{part}.txt"
        return np.loadtxt(path, delimiter=",", ndmin=2) if path.exists() else None

    edge_index = read("A").astype(np.int64).T - 1
    batch = read("graph_indicator").astype(np.int64)[:, 0] - 1
    node_slice = np.cumsum([0, *np.bincount(batch)])
    row = batch[edge_index[0]]
    found = []
    take = lambda table, where: None if table is None else table[where].tolist()
    for graph in range(batch[-1] + 1):
        own = row == graph
        found.append({
            "num_nodes": int((batch == graph).sum()),
            "edge_index": (edge_index[:, own] - node_slice[graph]).tolist(),
            "label": take(read("graph_labels"), graph),
            "targets": take(read("graph_attributes"), graph),
            "node_labels": take(read("node_labels"), batch == graph),
            "node_attributes": take(read("node_attributes"), batch == graph),
            "edge_labels": take(read("edge_labels"), own),
            "edge_attributes": take(read("edge_attributes"), own),
        })
    return found


def make_linqs():
    folder = HERE / "papers"
    folder.mkdir(exist_ok=True)
    names = [f"p{i}" for i in RANDOM.permutation(12)]
    words = RANDOM.integers(0, 2, (12, 6))
    topics = RANDOM.choice(["Theory", "Agents", "Case_Based"], 12)
    lines = ["\t".join([n, *map(str, w), t]) for n, w, t in zip(names, words, topics)]
    (folder / "papers.content").write_text("\n".join(lines) + "\n")
    cites = [RANDOM.choice(names, 2) for _ in range(20)] + [["p3", "nobody"], ["nobody", "p4"]]
    (folder / "papers.cites").write_text("".join(f"{a}\t{b}\n" for a, b in cites))
    head = "cat=1,2,3:label\t" + "\t".join(f"numeric:w-{i}:0.0" for i in range(6)) + "\tsummary=w"
    nodes = [
        "\t".join([n, f"label={1 + (i % 3)}", *[f"w-{j}={0.125 * j}" for j in range(6) if w[j]], "summary=w"])
        for i, (n, w) in enumerate(zip(names, words))
    ]
    (folder / "tab.NODE.paper.tab").write_text("\n".join(["NODE\tpaper", head, *nodes]) + "\n")
    lines = [f"{i}\tpaper:{b}\t|\tpaper:{a}" for i, (a, b) in enumerate(cites)]
    (folder / "tab.DIRECTED.cites.tab").write_text("\n".join(["DIRECTED\tcites", "NO_FEATURES", *lines]) + "\n")


def read_linqs():
    content = pd.read_csv(HERE / "papers" / "papers.content", sep="\t", header=None, index_col=0)
    cites = pd.read_csv(HERE / "papers" / "papers.cites", sep="\t", header=None, names=["target", "source"])
    known = cites[cites.source.isin(content.index) & cites.target.isin(content.index)]
    return {
        "names": content.index.tolist(),
        "features": content.iloc[:, :-1].values.tolist(),
        "topics": content.iloc[:, -1].tolist(),
        "cites": known[["source", "target"]].values.tolist(),
        "dropped": len(cites) - len(known),
    }


def molecules():
    frames = "".join(
        f"3\nframe {i}\n" + "".join(f"{s} {x:.6f} {y:.6f} {z:.5e}\n" for s, (x, y, z) in zip("OHH", RANDOM.normal(size=(3, 3))))
        for i in range(3)
    )
    (HERE / "water.xyz").write_text(frames)
    read = ase.io.read(HERE / "water.xyz", index=":", format="xyz")
    rows = pd.read_csv(SAMPLES / "qm9_mini" / "qm9.csv.gz").iloc[::3]
    return {
        "water.xyz": [[a.get_chemical_symbols(), a.positions.tolist()] for a in read],
        "qm9": [
            {
                "index": int(row.Index),
                "smiles": row.SMILES,
                "symbols": ast.literal_eval(row.Elements),
                "positions": ast.literal_eval(row.XYZ_Ang),
                "charges": ast.literal_eval(row.Mulliken_pop),
                "frequencies": ast.literal_eval(row.Harmonic_Freq_cmi),
                "properties": {k: float(v) for k, v in row.iloc[10:].items()},
            }
            for _, row in rows.iterrows()
        ],
    }


def tables():
    text = 'mass,name,"a, b"\n1.5,"two\nlines",7\n-2e3,"a ""quoted"" one",8\n,plain,9\n'
    (HERE / "table.csv").write_text(text)
    (HERE / "table.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    table = pd.read_csv(HERE / "table.csv")
    return {name: [None if pd.isna(v) else v for v in table[name].tolist()] for name in table}


def main():
    make_tu("tu", "KINDS", [3, 5, 1, 4], False)
    make_tu("tu", "REAL", [2, 6, 3], True)
    make_linqs()
    expected = {
        "edge_lists": edge_lists(),
        "node_links": node_links(),
        "tu": {name: read_tu("tu", name) for name in ["KINDS", "REAL"]},
        "citations": read_linqs(),
        "molecules": molecules(),
        "csv": tables(),
    }
    (HERE / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()

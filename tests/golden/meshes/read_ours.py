"""Says what meshio reads of the meshes that this project writes, plyfile of PLY, and Gmsh of MSH.

    deno run -A ours.ts
    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python read_ours.py
"""

import json
import pathlib

import gmsh
import meshio
import numpy as np
import plyfile

HERE = pathlib.Path(__file__).parent


def plain(blocks):
    return np.concatenate([np.asarray(block) for block in blocks]).tolist()


def by_meshio(path):
    mesh = meshio.read(path)
    return {
        "points": np.asarray(mesh.points, float).tolist(),
        "cells": [[block.type, block.data.tolist()] for block in mesh.cells],
        "pointData": {name: np.asarray(each).tolist() for name, each in sorted(mesh.point_data.items())},
        "cellData": {name: plain(each) for name, each in sorted(mesh.cell_data.items())},
    }


def by_plyfile(path):
    """meshio cannot read PLY with values of cells."""
    data = plyfile.PlyData.read(path)
    column = lambda element, name: [np.asarray(each).tolist() for each in data[element][name]]
    names = lambda element, taken: sorted(set(data[element].data.dtype.names) - set(taken))
    corners = column("face", "vertex_indices")
    blocks = []
    for each in corners:
        kind = {3: "triangle", 4: "quad"}[len(each)]
        if not blocks or blocks[-1][0] != kind:
            blocks.append([kind, []])
        blocks[-1][1].append(each)
    return {
        "points": np.stack([data["vertex"][axis] for axis in "xyz"], 1).tolist(),
        "cells": blocks,
        "pointData": {name: column("vertex", name) for name in names("vertex", "xyz")},
        "cellData": {name: column("face", name) for name in names("face", ["vertex_indices"])},
    }


def by_gmsh(path):
    """meshio mixes up the tags of cells of several types."""
    gmsh.clear()
    gmsh.open(str(path))
    nodes, coordinates, _ = gmsh.model.mesh.getNodes()
    order = np.argsort(nodes)
    elements = []
    for dim, entity in gmsh.model.getEntities():
        physical = [*gmsh.model.getPhysicalGroupsForEntity(dim, entity), 0][0]
        for kind, tags, corners in zip(*gmsh.model.mesh.getElements(dim, entity)):
            name = {1: "line", 2: "triangle", 3: "quad", 4: "tetra", 5: "hexahedron"}[kind]
            rows = np.asarray(corners, int).reshape(len(tags), -1) - 1
            elements += [(int(t), name, row, int(physical), entity) for t, row in zip(tags, rows.tolist())]
    elements.sort()
    blocks = []
    for _, kind, row, _, _ in elements:
        if not blocks or blocks[-1][0] != kind:
            blocks.append([kind, []])
        blocks[-1][1].append(row)
    values = {"NodeData": {}, "ElementData": {}}
    for view in gmsh.view.getTags():
        kind, tags, rows, _, width = gmsh.view.getModelData(view, 0)
        name = gmsh.view.option.getString(view, "Name")
        ordered = [np.asarray(rows[i]).tolist() for i in np.argsort(tags)]
        values[kind][name] = [row[0] for row in ordered] if width == 1 else ordered
    tags = {"gmsh:physical": [e[3] for e in elements], "gmsh:geometrical": [e[4] for e in elements]}
    return {
        "points": np.asarray(coordinates).reshape(-1, 3)[order].tolist(),
        "cells": blocks,
        "pointData": dict(sorted(values["NodeData"].items())),
        "cellData": dict(sorted({**tags, **values["ElementData"]}.items())),
    }


def main():
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    readers = {".ply": by_plyfile, ".msh": by_gmsh}
    found = {path.name: readers.get(path.suffix, by_meshio)(path) for path in sorted((HERE / "ours").iterdir())}
    gmsh.finalize()
    (HERE / "ours.json").write_text(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

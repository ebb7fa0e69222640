"""Makes the golden files of the mesh readers, with meshio, Gmsh and VTK as the second implementations.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python generate.py

expected.json has of each file, and of the samples, what meshio reads of it (VTK, where meshio cannot):
shapes, hashes of the values as float64 or int32, first and last rows, and the number of edges.
"""

import hashlib
import json
import pathlib
import struct
import warnings

import gmsh
import meshio
import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

HERE = pathlib.Path(__file__).parent
SAMPLES = HERE.parents[2] / "datasets" / "samples" / "meshes"

EDGES = {
    "line": [(0, 1)],
    "triangle": [(0, 1), (1, 2), (2, 0)],
    "quad": [(0, 1), (1, 2), (2, 3), (3, 0)],
    "tetra": [(a, b) for a in range(4) for b in range(a)],
    "hexahedron": [(i, (i + 1) % 4) for i in range(4)]
    + [(4 + i, 4 + (i + 1) % 4) for i in range(4)]
    + [(i, i + 4) for i in range(4)],
}


def sha256(values, dtype):
    return hashlib.sha256(np.ascontiguousarray(values, dtype).tobytes()).hexdigest()


def described(values):
    """An array of values; one value a row has no axis of its own."""
    values = np.asarray(values)
    if values.ndim > 1 and values[0].size == 1:
        values = values.reshape(len(values))
    return {"shape": list(values.shape), "sha256": sha256(values, "<f8")}


def fan(block):
    return np.concatenate([block[:, [0, i - 1, i]] for i in range(2, block.shape[1])], axis=1).reshape(-1, 3)


def expected(points, blocks, point_data, cell_data):
    """blocks: (type, corners) in order; cell_data: name -> one array a block."""
    cells, values, edges = [], {name: [] for name in cell_data}, set()
    for at, (kind, corners) in enumerate(blocks):
        corners = np.asarray(corners)
        if kind == "vertex":
            continue
        repeats = 1
        if kind == "polygon":
            repeats = corners.shape[1] - 2
            kind, corners = "triangle", fan(corners)
        for name, each in cell_data.items():
            values[name].append(np.repeat(np.asarray(each[at]), repeats, axis=0))
        for a, b in EDGES[kind]:
            pairs = np.sort(corners[:, [a, b]], axis=1)
            edges.update(map(tuple, pairs[pairs[:, 0] != pairs[:, 1]].tolist()))
        if cells and cells[-1][0] == kind:
            cells[-1][1].append(corners)
        else:
            cells.append((kind, [corners]))
    points = np.asarray(points)
    return {
        "points": {**described(points), "first": points[0].tolist(), "last": points[-1].tolist()},
        "cells": [
            {
                "type": kind,
                "shape": list(np.concatenate(parts).shape),
                "sha256": sha256(np.concatenate(parts), "<i4"),
                "first": parts[0][0].tolist(),
                "last": parts[-1][-1].tolist(),
            }
            for kind, parts in cells
        ],
        "pointData": {name: described(each) for name, each in sorted(point_data.items())},
        "cellData": {name: described(np.concatenate(each)) for name, each in sorted(values.items())},
        "numEdges": len(edges),
    }


def by_meshio(path, rename={}, drop=()):
    mesh = meshio.read(path)
    blocks = [(block.type, block.data) for block in mesh.cells]
    named = lambda data: {rename.get(k, k): v for k, v in data.items() if k not in drop}
    return expected(mesh.points, blocks, named(mesh.point_data), named(mesh.cell_data))


def write_meshio(random):
    """One surface and one solid in each format that meshio writes."""
    grid = np.stack(np.meshgrid(np.arange(4), np.arange(3), indexing="ij"), -1).reshape(-1, 2)
    points = np.column_stack([grid, random.normal(size=len(grid))])
    quads = np.array([[3 * x + y, 3 * x + 3 + y, 3 * x + 4 + y, 3 * x + y + 1] for x in range(3) for y in range(2)])
    triangles = np.concatenate([quads[4:][:, [0, 1, 2]], quads[4:][:, [0, 2, 3]]])
    surface = meshio.Mesh(points, [("quad", quads[:2]), ("triangle", triangles), ("quad", quads[2:4])])
    flat = meshio.Mesh(points, [("triangle", triangles)])
    surface.write(HERE / "surface.obj")
    flat.write(HERE / "flat.off")
    meshio.stl.write(HERE / "flat_ascii.stl", flat, binary=False)
    meshio.stl.write(HERE / "flat_binary.stl", flat, binary=True)
    heat = {"heat": random.normal(size=len(points)), "kind": np.arange(len(points), dtype=np.int32)}
    meshio.ply.write(HERE / "surface_ascii.ply", meshio.Mesh(points, surface.cells, heat), binary=False)
    meshio.ply.write(HERE / "surface_binary.ply", meshio.Mesh(points, surface.cells, heat), binary=True)

    corners = np.array([[x, y, z] for z in range(2) for y in range(2) for x in range(3)], float)
    corners += 0.1 * random.normal(size=corners.shape)
    hexahedra = [[0, 1, 4, 3, 6, 7, 10, 9]]
    tetra = [[1, 2, 4, 7], [2, 4, 7, 5], [4, 5, 7, 10]]
    solid = meshio.Mesh(
        corners,
        [("line", [[0, 1], [1, 2]]), ("tetra", tetra), ("hexahedron", hexahedra), ("triangle", [[0, 1, 3]])],
        {"speed": random.normal(size=len(corners)), "flow": random.normal(size=corners.shape)},
        {"part": [random.normal(size=n) for n in (2, 3, 1, 1)]},
    )
    vtk_solid = meshio.Mesh(solid.points.astype(np.float32), solid.cells, solid.point_data, {
        **solid.cell_data, "id": [np.arange(n, dtype=np.int32) for n in (2, 3, 1, 1)],
    })
    for name, binary in (("ascii", False), ("binary", True)):
        vtk_solid.write(HERE / f"solid_42_{name}.vtk", file_format="vtk42", binary=binary)
        write_vtk_51(HERE / f"solid_42_{name}.vtk", HERE / f"solid_51_{name}.vtk", binary)
        meshio.gmsh.write(HERE / f"solid_22_{name}.msh", solid, "2.2", binary=binary)
    # What was written: meshio's reader of this version fails on data of cells of several types.
    blocks = [(block.type, block.data) for block in solid.cells]
    written = expected(solid.points, blocks, solid.point_data, solid.cell_data)
    return {f"solid_22_{name}.msh": written for name in ("ascii", "binary")}


def write_vtk_51(source, target, binary):
    """The same mesh in the newer layout, which meshio reads and only VTK writes with all its data."""
    reader, writer = vtk.vtkUnstructuredGridReader(), vtk.vtkUnstructuredGridWriter()
    reader.SetFileName(str(source))
    reader.ReadAllFieldsOn()
    reader.Update()
    writer.SetInputData(reader.GetOutput())
    writer.SetFileVersion(51)
    writer.SetFileType(vtk.VTK_BINARY if binary else vtk.VTK_ASCII)
    writer.SetFileName(str(target))
    assert writer.Write() == 1


def write_big_endian_ply(random):
    """What meshio reads and does not write."""
    points = random.normal(size=(5, 3)).astype(">f8")
    faces = [[0, 1, 2], [2, 3, 4], [0, 1, 3, 4]]
    head = "ply\nformat binary_big_endian 1.0\ncomment by hand\nelement vertex 5\n"
    head += "property double x\nproperty double y\nproperty double z\nproperty int32 id\n"
    head += "element face 3\nproperty list uint8 uint32 vertex_indices\nend_header\n"
    body = b"".join(point.tobytes() + struct.pack(">i", -i) for i, point in enumerate(points))
    body += b"".join(struct.pack(f">B{len(face)}I", len(face), *face) for face in faces)
    (HERE / "surface_big_endian.ply").write_bytes(head.encode() + body)


def write_gmsh():
    """A brick with a physical volume and surface, as Gmsh writes it."""
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    gmsh.model.occ.addBox(0, 0, 0, 1, 1, 0.5)
    gmsh.model.occ.synchronize()
    gmsh.model.addPhysicalGroup(3, [1], 7, "inside")
    gmsh.model.addPhysicalGroup(2, [1, 2], 8, "wall")
    gmsh.option.setNumber("Mesh.MeshSizeMin", 0.6)
    gmsh.model.mesh.generate(3)
    for version in (2.2, 4.1):
        for name, binary in (("ascii", 0), ("binary", 1)):
            gmsh.option.setNumber("Mesh.MshFileVersion", version)
            gmsh.option.setNumber("Mesh.Binary", binary)
            gmsh.write(str(HERE / f"brick_{str(version).replace('.', '')}_{name}.msh"))
    gmsh.finalize()


def write_polydata(random):
    """Lines, polygons and a strip with values, as VTK writes them."""
    points = random.normal(size=(8, 3)).astype(np.float32)
    lines, polygons, strips = [[0, 1, 2]], [[0, 1, 2], [1, 2, 3, 4], [0, 2, 4, 5, 6]], [[3, 4, 5, 6, 7]]
    data = vtk.vtkPolyData()
    vtk_points = vtk.vtkPoints()
    vtk_points.SetData(numpy_to_vtk(points, deep=True))
    data.SetPoints(vtk_points)
    for cells, setter in ((lines, data.SetLines), (polygons, data.SetPolys), (strips, data.SetStrips)):
        array = vtk.vtkCellArray()
        for cell in cells:
            array.InsertNextCell(len(cell), cell)
        setter(array)
    heat, flow = random.normal(size=8), random.normal(size=(8, 3)).astype(np.float32)
    part, tag = np.arange(5, dtype=np.int32), random.normal(size=(5, 2))
    for values, name, where in (
        (heat, "heat of it", data.GetPointData()),
        (flow, "flow", data.GetPointData()),
        (part, "part", data.GetCellData()),
        (tag, "tag", data.GetCellData()),
    ):
        array = numpy_to_vtk(values, deep=True)
        array.SetName(name)
        where.AddArray(array)
    data.GetPointData().SetActiveScalars("heat of it")
    data.GetPointData().SetActiveVectors("flow")
    data.GetCellData().SetActiveScalars("part")
    for version in (42, 51):
        for name, kind in (("ascii", vtk.VTK_ASCII), ("binary", vtk.VTK_BINARY)):
            writer = vtk.vtkPolyDataWriter()
            writer.SetInputData(data)
            writer.SetFileVersion(version)
            writer.SetFileType(kind)
            writer.SetFileName(str(HERE / f"poly_{version}_{name}.vtk"))
            assert writer.Write() == 1


def by_vtk(path):
    """What VTK itself reads, as meshio takes no POLYDATA and mistakes int in version 5.1."""
    is_poly = path.name.startswith("poly")
    reader = vtk.vtkPolyDataReader() if is_poly else vtk.vtkUnstructuredGridReader()
    reader.SetFileName(str(path))
    for read in ("Scalars", "Vectors", "Fields"):
        getattr(reader, f"ReadAll{read}On")()
    reader.Update()
    return cells_of(reader.GetOutput())


def cells_of(data):
    """Pieces of polylines and strips as VTK's filter makes them, polygons as they are."""
    blocks, sources = [], []
    for i in range(data.GetNumberOfCells()):
        cell = data.GetCell(i)
        ids = [cell.GetPointId(k) for k in range(cell.GetNumberOfPoints())]
        kind = data.GetCellType(i)
        if kind in (vtk.VTK_POLY_LINE, vtk.VTK_LINE):
            pieces = [("line", ids[k : k + 2]) for k in range(len(ids) - 1)]
        elif kind == vtk.VTK_TRIANGLE_STRIP:
            pieces_ids, piece_list = vtk.vtkIdList(), vtk.vtkCellArray()
            vtk.vtkTriangleStrip.DecomposeStrip(len(ids), ids, piece_list)
            pieces = []
            for k in range(piece_list.GetNumberOfCells()):
                piece_list.GetCellAtId(k, pieces_ids)
                pieces.append(("triangle", [pieces_ids.GetId(c) for c in range(3)]))
        elif kind in (vtk.VTK_TETRA, vtk.VTK_HEXAHEDRON):
            pieces = [("tetra" if kind == vtk.VTK_TETRA else "hexahedron", ids)]
        else:
            pieces = [({3: "triangle", 4: "quad"}.get(len(ids), "polygon"), ids)]
        for kind, ids in pieces:
            blocks.append((kind, np.array([ids])))
            sources.append(i)
    arrays = lambda where: {
        where.GetArrayName(k): vtk_to_numpy(where.GetArray(k)) for k in range(where.GetNumberOfArrays())
    }
    cell_data = {k: [v[[i]] for i in sources] for k, v in arrays(data.GetCellData()).items()}
    return expected(vtk_to_numpy(data.GetPoints().GetData()), blocks, arrays(data.GetPointData()), cell_data)


# meshio 5.3.5 writes numbers by their repr, which in NumPy 2 has the type around it.
np.set_printoptions(legacy="1.25")


def main():
    warnings.filterwarnings("ignore")
    random = np.random.default_rng(0)
    results = write_meshio(random)
    write_big_endian_ply(random)
    write_gmsh()
    write_polydata(random)
    normals = {"facet_normals": "normal"}
    for path in sorted([*HERE.iterdir(), *SAMPLES.iterdir()]):
        if path.suffix in (".obj", ".off", ".ply", ".stl", ".vtk", ".msh") and path.name not in results:
            is_vtk = path.suffix == ".vtk"
            results[path.name] = by_vtk(path) if is_vtk else by_meshio(path, normals, ("obj:group_ids",))
    text = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in sorted(results.items()))
    (HERE / "expected.json").write_text("{\n" + text + "\n}\n")


main()

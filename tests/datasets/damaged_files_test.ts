/**
 * Files of every format, damaged: 25 of each, 500 in the long tier. Each is read as it can be, or
 * refused by an error that names the file and the byte; what a checksum covers is as it was.
 */
import { assert, assertEquals } from "@std/assert";
import { zip } from "../../datasets/formats/zip.ts";
import {
  decodeExample,
  decodeSequenceExample,
  type Hdf5File,
  type Mesh,
  type MeshFormat,
  openCitations,
  openHdf5,
  openLagrangeBench,
  openLearningToSimulate,
  openMeshGraphNets,
  openOgbGraphs,
  openOgbNodes,
  openTuDataset,
  qm9,
  readCsv,
  readEdgeList,
  readMat,
  readMesh,
  readNodeLink,
  readNpy,
  readNpz,
  readSafetensors,
  readSdf,
  readTfRecords,
  readXyz,
  sampleUrl,
} from "../../datasets/mod.ts";
import { unpack } from "../../datasets/unpack.ts";
import { withFolder } from "../support/folder.ts";
import { steps } from "../support/tier.ts";
import { damageFiles, type Format, gzip, shown } from "./damage.ts";
import { collect, randomBytes, seeded, textBytes } from "./support.ts";

const GOLDEN = new URL("../golden/", import.meta.url);

function golden(...paths: string[]): Record<string, URL> {
  const urls = paths.map((path) => [path.split("/").at(-1)!, new URL(path, GOLDEN)] as const);
  return Object.fromEntries(urls);
}

/** All files of a folder, by their paths in it. */
async function filesOf(folder: URL, path = ""): Promise<Record<string, URL>> {
  const files: Record<string, URL> = {};
  const base = new URL(`${folder.href.replace(/\/$/, "")}/`);
  for await (const { name, isDirectory } of Deno.readDir(base)) {
    const url = new URL(name, base);
    if (isDirectory) Object.assign(files, await filesOf(url, `${path}${name}/`));
    else if (name !== "README.md") files[`${path}${name}`] = url;
  }
  return files;
}

function meshes(format: MeshFormat, ...files: (URL | string)[]): Format {
  const urls = files.map((file) =>
    typeof file === "string" ? new URL(`meshes/${file}`, GOLDEN) : file
  );
  return {
    files: Object.fromEntries(urls.map((url) => [url.pathname.split("/").at(-1)!, url])),
    read: (folder, name) => readMesh(`${folder}/${name}`, { format }),
    check(found) {
      const { points, cells } = found as Mesh;
      const numPoints = points.shape[0]!;
      for (const { data } of cells) assert(data.every((point) => point >= 0 && point < numPoints));
    },
  };
}

/** Records of a file whose checksums cover all of it: those that are read are the first ones. */
function checkRecords(found: unknown, whole: unknown): void {
  assertEquals(found, (whole as unknown[]).slice(0, (found as unknown[]).length));
}

interface Edges {
  readonly senders: Int32Array;
  readonly receivers: Int32Array;
}

/** Edges must join nodes. */
function checkEdges({ senders, receivers }: Edges, numNodes: number): void {
  assertEquals(senders.length, receivers.length);
  assert([...senders, ...receivers].every((node) => node >= 0 && node < numNodes));
}

/** Reads all that is in a group of HDF5 and below it. */
function readAll(file: Hdf5File, group = "/"): unknown[] {
  return file.list(group).flatMap((name) => {
    const path = `${group}${name}`;
    // Damage may make a group its own member.
    if (path.length > 60) return [];
    return file.shapeOf(path) ? [file.read(path)] : readAll(file, `${path}/`);
  });
}

const read = (reader: (path: string) => Promise<unknown>) => (folder: string, name: string) =>
  reader(`${folder}/${name}`);

const ARCHIVED = [
  { name: "set/a.txt", bytes: textBytes("some text ".repeat(90)) },
  { name: "set/deep/b.bin", bytes: randomBytes(3000, seeded(1)) },
  { name: "set/empty", bytes: new Uint8Array() },
];

async function zipOf(isDeflated: boolean): Promise<Uint8Array> {
  return await new Blob(await Array.fromAsync(zip(ARCHIVED, isDeflated))).bytes();
}

/** Unpacks an archive into a new folder, and reads what is there. */
async function unpacked(folder: string, name: string): Promise<unknown> {
  const target = `${folder}/${crypto.randomUUID()}`;
  await unpack(`${folder}/${name}`, target);
  const files = Object.entries(await filesOf(new URL(`file://${target}`)));
  return Object.fromEntries(
    await Promise.all(files.map(async ([path, url]) => [path, await Deno.readFile(url)])),
  );
}

/** A name that was damaged is another file, but what is there has passed its checksum. */
function checkUnpacked(found: unknown, whole: unknown): void {
  const known = whole as Record<string, Uint8Array>;
  for (const [name, bytes] of Object.entries(found as Record<string, Uint8Array>)) {
    if (known[name]) assertEquals(bytes, known[name]);
  }
}

const molecules = await filesOf(sampleUrl("molecules_clogp"));

const FORMATS: Readonly<Record<string, Format>> = {
  "TFRecord": {
    files: golden("datasets/examples.tfrecord", "datasets/sequences.tfrecord"),
    read: read(async (path) =>
      (await collect(readTfRecords(path))).map(({ data }) => data.slice())
    ),
    check: checkRecords,
  },
  "tf.train.Example": {
    // Without the frames of TFRecord, whose checksums would see all damage first.
    files: Object.fromEntries(
      await Promise.all(["examples", "sequences"].map(async (name) => {
        const url = new URL(`datasets/${name}.tfrecord`, GOLDEN);
        const [first] = await collect(readTfRecords(url));
        return [name, first!.data.slice()] as const;
      })),
    ),
    async read(folder, name) {
      const file = `${folder}/${name}`;
      const decode = name === "examples" ? decodeExample : decodeSequenceExample;
      return decode(await Deno.readFile(file), { file });
    },
  },
  "Learning to Simulate": {
    files: await filesOf(sampleUrl("n_body_springs")),
    damaged: ["metadata.json", "valid.tfrecord"],
    read: async (folder) => collect(await openLearningToSimulate(folder, "valid")),
    head: 600,
  },
  "MeshGraphNets": {
    files: golden("datasets/varlen/meta.json", "datasets/varlen/train.tfrecord"),
    read: async (folder) => collect(await openMeshGraphNets(folder, "train")),
  },
  "HDF5": {
    files: await filesOf(sampleUrl("lennard_jones")),
    damaged: ["train.h5", "valid.h5"],
    async read(folder, name) {
      using file = await openHdf5(`${folder}/${name}`);
      return readAll(file);
    },
    // The head holds the structure; damage of numbers is seen where they have a checksum.
    head: 6000,
    isPlaceless: true,
  },
  "LagrangeBench": {
    files: await filesOf(sampleUrl("lennard_jones")),
    damaged: ["metadata.json"],
    read: async (folder) => collect(await openLagrangeBench(folder, "valid")),
  },
  "npy": { files: golden("npy/fortran.npy", "npy/version2.npy"), read: read(readNpy), head: 160 },
  "npz": {
    files: golden("npy/plain.npz", "npy/packed.npz", "npy/commented.npz"),
    read: read(readNpz),
    // A name that was damaged is another array, but its values have passed their checksum.
    check(found, whole) {
      const known = Object.values(whole as object).map((array) => JSON.stringify(shown(array)));
      for (const array of Object.values(found as object)) {
        assert(known.includes(JSON.stringify(shown(array))));
      }
    },
  },
  "safetensors": {
    files: golden(
      "safetensors/dtypes.safetensors",
      "safetensors/python.safetensors",
      "safetensors/float64.safetensors",
    ),
    read: read(readSafetensors),
  },
  "CSV": { files: golden("graphs/table.csv", "graphs/table.csv.gz"), read: read(readCsv) },
  "graphs in JSON": {
    files: {
      ...golden("graphs/networkx.json"),
      "miserables.json": sampleUrl("les_miserables", "miserables.json"),
    },
    read: read(readNodeLink),
    check: (found) =>
      checkEdges(found as Edges, (found as { nodes: readonly unknown[] }).nodes.length),
  },
  "edge lists": {
    files: golden("graphs/weighted.csv", "graphs/plain.edges"),
    read: read(readEdgeList),
    check: (found) =>
      checkEdges(found as Edges, (found as { names: readonly string[] }).names.length),
  },
  "OBJ": meshes("obj", "surface.obj"),
  "OFF": meshes("off", "flat.off"),
  "PLY": meshes(
    "ply",
    ...["surface_ascii.ply", "surface_binary.ply", "surface_big_endian.ply"],
    sampleUrl("meshes", "ant.ply"),
  ),
  "STL": meshes("stl", "flat_ascii.stl", "flat_binary.stl"),
  "legacy VTK": meshes(
    "vtk",
    ...["solid_42_ascii.vtk", "solid_42_binary.vtk", "solid_51_ascii.vtk", "solid_51_binary.vtk"],
    ...["poly_42_ascii.vtk", "poly_42_binary.vtk", "poly_51_ascii.vtk", "poly_51_binary.vtk"],
  ),
  "Gmsh MSH": meshes(
    "msh",
    ...["brick_22_ascii.msh", "brick_22_binary.msh", "brick_41_ascii.msh", "brick_41_binary.msh"],
    ...["solid_22_ascii.msh", "solid_22_binary.msh"],
  ),
  "MATLAB 5": {
    files: golden("mat/values.mat", "mat/packed.mat", "mat/swapped.mat", "mat/pde.mat"),
    read: read(async (path) =>
      path.endsWith("pde.mat") ? await readMesh(path) : await readMat(path)
    ),
  },
  "MATLAB 5, compressed": {
    files: golden("mat/packed.mat"),
    read: read(readMat),
    // Each variable, its name included, has passed zlib's checksum.
    check(found, whole) {
      for (const [name, value] of Object.entries(found as object)) {
        assertEquals(shown(value), shown((whole as Record<string, unknown>)[name]));
      }
    },
  },
  "meshes in gzip": {
    files: { "flat.off.gz": await gzip(await Deno.readFile(new URL("meshes/flat.off", GOLDEN))) },
    read: read(readMesh),
  },
  "SDF": { files: golden("sdf/molecules.sdf"), read: read(readSdf) },
  "XYZ": { files: golden("graphs/water.xyz"), read: read(readXyz) },
  "QM9": { files: { "qm9.csv.gz": sampleUrl("qm9_mini", "qm9.csv.gz") }, read: read(qm9) },
  "OGB's graphs": {
    files: molecules,
    damaged: Object.keys(molecules).filter((name) => name.startsWith("raw/")),
    read: (folder) => openOgbGraphs(folder),
    check(found) {
      const { graphs } = found as Awaited<ReturnType<typeof openOgbGraphs>>;
      for (const graph of graphs) checkEdges(graph, graph.nodes.shape[0]!);
    },
  },
  "OGB's nodes": {
    files: await filesOf(new URL("ogb/arxiv", GOLDEN)),
    read: (folder) => openOgbNodes(folder, { split: "time" }),
    check: (found) => checkEdges(found as Edges, (found as { numNodes: number }).numNodes),
  },
  "TUDataset": {
    files: await filesOf(new URL("graphs/tu", GOLDEN)),
    read: (folder, name) => openTuDataset(folder, name.startsWith("REAL") ? "REAL" : "KINDS"),
    check(found) {
      for (const graph of found as Awaited<ReturnType<typeof openTuDataset>>) {
        checkEdges(graph, graph.numNodes);
      }
    },
  },
  "LINQS": {
    files: await filesOf(new URL("graphs/papers", GOLDEN)),
    read(folder, name) {
      // Else the other form of the network would be looked at first.
      const isTab = name.endsWith(".tab");
      return openCitations(folder, isTab ? "tab" : "papers");
    },
    check: (found) =>
      checkEdges(found as Edges, (found as { names: readonly string[] }).names.length),
  },
  "ZIP archives": {
    files: { "stored.zip": await zipOf(false), "deflated.zip": await zipOf(true) },
    read: unpacked,
    check: checkUnpacked,
  },
};

for (const [title, format] of Object.entries(FORMATS)) {
  const count = steps(25, 500);
  Deno.test(`${title}: ${count} damaged files are refused with their place, or read`, () =>
    withFolder((folder) => damageFiles(title, format, folder, count)));
}

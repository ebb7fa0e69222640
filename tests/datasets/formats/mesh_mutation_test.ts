import { assert, assertEquals } from "@std/assert";
import { DataFormatError, type MeshFormat, readMesh, sampleUrl } from "../../../datasets/mod.ts";
import { steps } from "../../support/tier.ts";
import { mutate, seeded } from "../support.ts";

const FOLDER = new URL("../../golden/meshes/", import.meta.url);

/** Each format as text and, where there is such, as bytes. */
const FILES: readonly (readonly [format: MeshFormat, ...files: URL[]])[] = [
  ["obj", new URL("surface.obj", FOLDER)],
  ["off", new URL("flat.off", FOLDER)],
  [
    "ply",
    ...["surface_ascii.ply", "surface_binary.ply", "surface_big_endian.ply"].map(golden),
    sampleUrl("meshes", "ant.ply"),
  ],
  ["stl", ...["flat_ascii.stl", "flat_binary.stl"].map(golden)],
  [
    "vtk",
    ...["solid_42_ascii.vtk", "solid_51_ascii.vtk", "solid_51_binary.vtk"].map(golden),
    ...["poly_42_binary.vtk", "poly_51_ascii.vtk"].map(golden),
  ],
  [
    "msh",
    ...["brick_22_ascii.msh", "brick_22_binary.msh", "brick_41_ascii.msh"].map(golden),
    ...["brick_41_binary.msh", "solid_22_ascii.msh"].map(golden),
  ],
];

function golden(file: string): URL {
  return new URL(file, FOLDER);
}

/** The least memory that the arrays of a mesh can have. */
function sizeOfMesh(mesh: Awaited<ReturnType<typeof readMesh>>): number {
  const arrays = [mesh.points, ...mesh.cells, ...Object.values(mesh.pointData)];
  return [...arrays, ...Object.values(mesh.cellData)].reduce(
    (sum, { data }) => sum + data.byteLength,
    0,
  );
}

for (const [format, ...files] of FILES) {
  const count = steps(25, 500);
  Deno.test(`readMesh() refuses or reads ${count} damaged ${format} files, and ends`, async () => {
    const originals = await Promise.all(files.map(async (file) => await Deno.readFile(file)));
    const random = seeded(format.charCodeAt(0) * 1000 + format.charCodeAt(1));
    const folder = await Deno.makeTempDir();
    const path = `${folder}/damaged.${format}`;
    let refused = 0;
    try {
      for (let i = 0; i < count; i++) {
        const bytes = mutate(originals[i % originals.length]!, random);
        await Deno.writeFile(path, bytes);
        try {
          const mesh = await readMesh(path);
          // What can still be read has the memory of what is there: no count was believed.
          assert(sizeOfMesh(mesh) < 1000 * (bytes.length + 1000));
          const numPoints = mesh.points.shape[0]!;
          for (const { data } of mesh.cells) assert(data.every((v) => v >= 0 && v < numPoints));
        } catch (error) {
          if (!(error instanceof DataFormatError)) throw error;
          refused++;
          assertEquals(error.file, path);
          assert(error.byteOffset! >= 0 && error.byteOffset! <= bytes.length, error.message);
          assert(error.message.startsWith(`Cannot read ${path} as `), error.message);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
    // Else the mutations would not reach what is checked.
    assert(refused > count / 5, `${refused} of ${count} refused`);
  });
}

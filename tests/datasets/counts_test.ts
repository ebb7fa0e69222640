/**
 * Counts that are wrong: whatever a format counts, a file that has more or fewer of it is refused,
 * and never read as another one.
 */
import { assertEquals, assertRejects } from "@std/assert";
import {
  DataFormatError,
  type MeshFormat,
  readMesh,
  readNpy,
  readSafetensors,
  readSdf,
  readXyz,
} from "../../datasets/mod.ts";

const GOLDEN = new URL("../golden/", import.meta.url);

type Read = (bytes: Uint8Array) => Promise<unknown>;

const mesh = (format: MeshFormat): Read => (bytes) => readMesh(bytes, { format });

/** The counts of each form, each found by what stands before it. */
const PLY = [/element vertex /, /element face /];
const VTK = [
  ...[/POINTS /, /CELLS /, /CELLS \d+ /, /CELL_TYPES /, /POINT_DATA /, /CELL_DATA /],
  ...[/LINES /, /LINES \d+ /, /POLYGONS /, /POLYGONS \d+ /, /STRIPS /, /STRIPS \d+ /],
  ...[/CELL_DATA[^]*?FIELD \w+ /, /POINT_DATA[^]*?FIELD \w+ /, /FIELD \w+ \d+\n\S+ /],
  /FIELD \w+ \d+\n\S+ \d+ /,
];
const MSH_2 = [
  ...[/\$Nodes\n/, /\$Elements\n/],
  // After the texts and the time of a view: its step, the width and the number of its values.
  ...[/\$NodeData\n1\n.*\n1\n.*\n3\n0\n/, /\$NodeData\n1\n.*\n1\n.*\n3\n0\n\d\n/],
  /\$ElementData\n1\n.*\n1\n.*\n3\n0\n\d\n/,
];
const MSH_4 = [
  ...[/\$Entities\n/, /\$Entities\n\d+ /, /\$Entities\n\d+ \d+ /, /\$Entities\n\d+ \d+ \d+ /],
  ...[/\$Nodes\n/, /\$Nodes\n\d+ /, /\$Nodes\n.*\n\d+ \d+ \d+ /],
  ...[/\$Elements\n/, /\$Elements\n\d+ /, /\$Elements\n.*\n\d+ \d+ \d+ /],
];

const CASES: readonly (readonly [file: string, read: Read, counts: readonly RegExp[]])[] = [
  ["meshes/surface_ascii.ply", mesh("ply"), [...PLY, /end_header\n(.*\n){12}/]],
  ["meshes/surface_binary.ply", mesh("ply"), PLY],
  ["meshes/surface_big_endian.ply", mesh("ply"), PLY],
  ["meshes/flat.off", mesh("off"), [/\n(?=12 4 0)/, /\n12 (?=4 0)/, /12 4 0\n\n(.*\n){12}/]],
  ...["solid_42", "solid_51", "poly_42", "poly_51"].flatMap((name) => [
    [`meshes/${name}_ascii.vtk`, mesh("vtk"), VTK] as const,
    [`meshes/${name}_binary.vtk`, mesh("vtk"), VTK] as const,
  ]),
  ...["brick_22_ascii", "brick_22_binary", "solid_22_ascii", "solid_22_binary"].map((name) =>
    [`meshes/${name}.msh`, mesh("msh"), MSH_2] as const
  ),
  ["meshes/brick_41_ascii.msh", mesh("msh"), MSH_4],
  ["graphs/water.xyz", readXyz, [/^/, /\d\n(?=3\nframe 1)/]],
  ["sdf/molecules.sdf", readSdf, [/3D\n\n */, /3D\n\n *\d+ */, /\$\n.*\n.*\n\n */]],
  ["npy/fortran.npy", readNpy, [/'shape': \(/, /'shape': \(\d+, /]],
  ["safetensors/dtypes.safetensors", readSafetensors, [
    /"shape":\[/,
    /"shape":\[\d+,/,
    /offsets":\[0,/,
  ]],
];

const toText = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => String.fromCharCode(b)).join("");
const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

for (const [file, read, counts] of CASES) {
  Deno.test(`each count of ${file} that is wrong is refused`, async () => {
    const text = toText(await Deno.readFile(new URL(file, GOLDEN)));
    await read(toBytes(text));
    let found = 0;
    for (const before of counts) {
      const match = new RegExp(`${before.source}(?=(\\d+))`).exec(text);
      if (!match) continue;
      found++;
      const start = match.index + match[0].length;
      const digits = match.at(-1)!;
      const right = Number(digits);
      const others = [0, 1, right - 1, right + 1, 2 * right, right + 900, 4294967295, 1e18];
      for (const wrong of new Set(others).difference(new Set([right]))) {
        // SDF has three columns for a number.
        const isColumn = file.endsWith(".sdf");
        if (isColumn && wrong > 999) continue;
        const put = isColumn ? `${wrong}`.padStart(digits.length) : `${wrong}`;
        const cut = isColumn ? put.length - digits.length : 0;
        const bytes = toBytes(
          text.slice(0, start - cut) + put + text.slice(start + digits.length),
        );
        await assertRejects(() => read(bytes), DataFormatError, "Cannot read the given bytes as ");
      }
    }
    // Files of one form have those counts that they need.
    assertEquals(found > 0, true);
  });
}

Deno.test("the count of triangles of a binary STL is that of its bytes", async () => {
  const bytes = await Deno.readFile(new URL("meshes/flat_binary.stl", GOLDEN));
  const view = new DataView(bytes.buffer);
  const right = view.getUint32(80, true);
  for (const wrong of [0, 1, right - 1, right + 1, 2 ** 32 - 1]) {
    view.setUint32(80, wrong, true);
    await assertRejects(() => readMesh(bytes, { format: "stl" }), DataFormatError, "at byte 80");
  }
});

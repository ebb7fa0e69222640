import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseSdf, readSdf } from "../../../datasets/mod.ts";
import expected from "../../golden/sdf/expected.json" with { type: "json" };
import { textBytes } from "../support.ts";

const WATER = `water
  by hand

  3  2  0  0  0  0  0  0  0  0999 V2000
    0.0000    0.0000    0.1173 O   0  0
    0.0000    0.7572   -0.4692 H   0  0
    0.0000   -0.7572   -0.4692 H   0  0
  1  2  1  0
  1  3  1  0
M  END
>  <NAME>  (1)
water

>  <CHARGE>  (1)
0

$$$$
`;

Deno.test("parseSdf() reads atoms, bonds and properties", () => {
  const [water] = parseSdf(textBytes(WATER));
  assertEquals(water!.atoms.map(({ symbol }) => symbol), ["O", "H", "H"]);
  assertEquals(water!.atoms[1]!.position, [0, 0.7572, -0.4692]);
  assertEquals(water!.bonds, [{ atoms: [0, 1], order: 1 }, { atoms: [0, 2], order: 1 }]);
  assertEquals(water!.properties, { NAME: "water", CHARGE: "0" });
});

Deno.test("parseSdf() reads records one after another, and none of an empty file", () => {
  assertEquals(parseSdf(textBytes(WATER + WATER)).length, 2);
  assertEquals(parseSdf(new Uint8Array()), []);
});

Deno.test("readSdf() reads what RDKit reads", async () => {
  const found = await readSdf(new URL("../../golden/sdf/molecules.sdf", import.meta.url));
  // Without the sign of zeros, which JSON does not keep.
  const plain = found.map(({ atoms, ...rest }) => ({
    ...rest,
    atoms: atoms.map(({ symbol, position }) => ({ symbol, position: position.map((x) => x + 0) })),
  }));
  assertEquals<unknown>(plain, expected);
});

Deno.test("parseSdf() reads what stands between bonds and properties, and line ends of Windows", () => {
  const block = "A    1\nalias of M  END\nM  CHG  1   1  -1\nM  END";
  const text = WATER.replace("M  END", block).replaceAll("\n", "\r\n");
  assertEquals(parseSdf(textBytes(text)), parseSdf(textBytes(WATER)));
});

Deno.test("parseSdf() names record and byte of what is damaged", () => {
  const lines = WATER.split("\n");
  // The file behind a whole record, what is expected of it, and the line that is something else.
  const cases: [string, string, string][] = [
    [lines.slice(0, 6).join("\n"), "atom 2 of 3, three coordinates and a symbol in record 1", ""],
    [WATER.replace("  1  3  1", "  1  9  1"), "bond 1 of 2, two of 3 atoms", "  1  9  1"],
    [WATER.replace("  1  3  1", "  1  3   "), "bond 1 of 2, two of 3 atoms", "  1  3  "],
    [WATER.replace("V2000", "V3000"), "the numbers of atoms and bonds, and V2000", "  3  2"],
    [WATER.replace("  3  2", "  2  2"), "bond 0 of 2", "    0.0000   -0.7572"],
    [WATER.replace("  3  2", "  3  1"), "M  END behind the bonds in record 1", "  1  3  1"],
    [WATER.replace("  3  2", "999  2"), "atom 3 of 999", "  1  2  1"],
    [WATER.replace("0.7572", "      "), "atom 1 of 3", "    0.0000             -0.4692"],
    [WATER.replace("M  END\n", ""), "M  END behind the bonds", ">  <NAME>"],
    [WATER.replace(">  <NAME>", "   <NAME>"), "> <NAME> of a property", "   <NAME>"],
  ];
  for (const [text, message, line] of cases) {
    const read = () => parseSdf(textBytes(WATER + text), { file: "w.sdf" });
    const error = assertThrows(read, DataFormatError, message) as DataFormatError;
    assertEquals([error.file, error.record], ["w.sdf", 1]);
    const at = line === "" ? text.length : text.indexOf(line);
    assertEquals(error.byteOffset, WATER.length + at, message);
  }
});

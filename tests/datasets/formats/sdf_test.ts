import { assertEquals, assertThrows } from "@std/assert";
import { DataFormatError, parseSdf } from "../../../datasets/mod.ts";

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
  const [water] = parseSdf(WATER);
  assertEquals(water!.atoms.map(({ symbol }) => symbol), ["O", "H", "H"]);
  assertEquals(water!.atoms[1]!.position, [0, 0.7572, -0.4692]);
  assertEquals(water!.bonds, [{ atoms: [0, 1], order: 1 }, { atoms: [0, 2], order: 1 }]);
  assertEquals(water!.properties, { NAME: "water", CHARGE: "0" });
});

Deno.test("parseSdf() reads records one after another, and none of an empty file", () => {
  assertEquals(parseSdf(WATER + WATER).length, 2);
  assertEquals(parseSdf(""), []);
});

Deno.test("parseSdf() names the record that is damaged", () => {
  const cut = WATER.split("\n").slice(0, 6).join("\n");
  for (
    const [text, message] of [
      [cut, "it must have 3 atoms, and 2 bonds between them"],
      [WATER.replace("  1  3  1", "  1  9  1"), "cut or damaged"],
      [WATER.replace("V2000", "V3000"), "in version V2000"],
    ] as const
  ) {
    const read = () => parseSdf(WATER + text, { file: "w.sdf" });
    const error = assertThrows(read, DataFormatError, message) as DataFormatError;
    assertEquals([error.file, error.record], ["w.sdf", 1]);
  }
});

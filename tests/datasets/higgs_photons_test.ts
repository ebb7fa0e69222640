import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { HIGGS_MASS, higgsPhotons } from "../../datasets/mod.ts";

const { momenta, nPhotons, isHiggs } = higgsPhotons({ count: 100, photons: [2, 6], seed: 2 });
const photonAt = (i: number): number[] => Array.from(momenta.subarray(4 * i, 4 * i + 4));
const massOf = ([e, x, y, z]: number[]): number => e! * e! - x! * x! - y! * y! - z! * z!;

Deno.test("higgsPhotons() gives photons without mass", () => {
  for (let i = 0; i < momenta.length / 4; i++) {
    const energy = photonAt(i)[0]!;
    assert(energy > 0);
    assertAlmostEquals(massOf(photonAt(i)) / energy ** 2, 0, 1e-5);
  }
});

Deno.test("higgsPhotons() gives two photons the boson's mass in about half of the events", () => {
  let first = 0;
  nPhotons.forEach((n, event) => {
    if (isHiggs[event]) {
      const pair = photonAt(first).map((x, i) => x + photonAt(first + 1)[i]!);
      assertAlmostEquals(Math.sqrt(massOf(pair)), HIGGS_MASS, 1e-3);
    }
    first += n;
  });
  assertEquals(first, momenta.length / 4);
  const share = isHiggs.reduce((a, b) => a + b) / 100;
  assert(share > 0.35 && share < 0.65, `${share}`);
});

Deno.test("higgsPhotons() refuses events of one photon", () => {
  assertThrows(
    () => higgsPhotons({ count: 1, photons: [1, 3] }),
    RangeError,
    "Cannot make events as a Higgs boson gives 2 photons: photons 1 to 3",
  );
});

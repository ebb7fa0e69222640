import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Attraction, simulateBodies } from "../../datasets/mod.ts";

for (const attraction of ["springs", "gravity"] as Attraction[]) {
  Deno.test(`simulateBodies() keeps energy and momentum under ${attraction}`, () => {
    const { energy, momentum } = simulateBodies({ attraction, dt: 0.05, seed: 1 });
    for (const e of energy) assertAlmostEquals(e, energy[0]!, 1e-3);
    const [first, last] = [momentum.data.slice(0, 10), momentum.data.slice(-10)];
    assert(first.some((p, i) => Math.abs(p - last[i]!) > 0.1), "nothing moves");
    for (let t = 0; t < 101; t++) {
      for (const axis of [0, 1]) {
        let sum = 0;
        for (let i = 0; i < 5; i++) sum += momentum.data[10 * t + 2 * i + axis]!;
        assertAlmostEquals(sum, 0, 1e-5);
      }
    }
  });
}

Deno.test("simulateBodies() moves two bodies on a spring as the formula says", () => {
  const { mass, position, momentum, strength, senders, receivers, energy } = simulateBodies({
    numBodies: 2,
    numFrames: 21,
    seed: 4,
  });
  assertEquals([[...senders], [...receivers]], [[0, 1], [1, 0]]);
  const [m0, m1, s] = [mass.data[0]!, mass.data[1]!, strength.data[0]!];
  const reduced = m0 * m1 / (m0 + m1);
  const omega = Math.sqrt(s / reduced);
  const [q, p] = [position.data, momentum.data];
  for (const axis of [0, 1]) {
    const distance = q[2 + axis]! - q[axis]!;
    const speed = p[2 + axis]! / m1 - p[axis]! / m0;
    for (const t of [1, 10, 20]) {
      const angle = omega * 0.1 * t;
      const expected = distance * Math.cos(angle) + speed / omega * Math.sin(angle);
      assertAlmostEquals(q[4 * t + 2 + axis]! - q[4 * t + axis]!, expected, 1e-4);
    }
  }
  const potential = s * ((q[2]! - q[0]!) ** 2 + (q[3]! - q[1]!) ** 2) / 2;
  const kinetic = (p[0]! ** 2 + p[1]! ** 2) / (2 * m0) + (p[2]! ** 2 + p[3]! ** 2) / (2 * m1);
  assertAlmostEquals(energy[0]!, potential + kinetic, 1e-5);
});

Deno.test("simulateBodies() is the same for the same seed, and checks its options", () => {
  assertEquals(simulateBodies({ seed: 2 }), simulateBodies({ seed: 2 }));
  assertThrows(
    () => simulateBodies({ numBodies: 1 }),
    RangeError,
    "Cannot simulate bodies as there must be 2 of them, 1 frame, and time between frames: got " +
      "numBodies 1, numFrames 101, dt 0.1",
  );
});

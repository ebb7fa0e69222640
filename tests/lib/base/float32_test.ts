import { assertEquals } from "@std/assert";
import { erfInv, fusedMultiplyAdd } from "../../../lib/base/mod.ts";
import golden from "../../golden/random/golden.json" with { type: "json" };

Deno.test("fusedMultiplyAdd() rounds once where a float64 sum would make a false tie", () => {
  // (1 + 2^-16) (1 - 2^-16) 2^-24 = 2^-24 - 2^-56: just below the midpoint of c and the next
  // float32, yet in float64 the sum is that midpoint, whose tie goes to the even neighbour above.
  const [a, b] = [1 + 2 ** -16, (1 - 2 ** -16) * 2 ** -24];
  const c = 1 + 2 ** -23;
  assertEquals(Math.fround(a * b + c), 1 + 2 ** -22);
  assertEquals(fusedMultiplyAdd(a, b, c), c);
  assertEquals(fusedMultiplyAdd(-a, b, -c), -c);
});

Deno.test("fusedMultiplyAdd() keeps the rule for true ties, and infinities", () => {
  assertEquals(fusedMultiplyAdd(1, 2 ** -24, 1), 1);
  assertEquals(fusedMultiplyAdd(1, 2 ** -24, 1 + 2 ** -23), 1 + 2 ** -22);
  assertEquals(fusedMultiplyAdd(Infinity, 1, 1), Infinity);
  assertEquals(fusedMultiplyAdd(Infinity, 1, -Infinity), NaN);
});

Deno.test("erfInv() is JAX's on its CPU, bit for bit", () => {
  const x = new Float32Array(Int32Array.from(golden.erfInv.x).buffer);
  const y = new Int32Array(x.map(erfInv).buffer);
  assertEquals(Array.from(y), golden.erfInv.y);
});

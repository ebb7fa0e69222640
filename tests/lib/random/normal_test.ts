import { assert, assertEquals, assertThrows } from "@std/assert";
import { key, normal } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { floatBits, golden, keyOf, ulpsBetween, values } from "./golden.ts";

forEachEngine("normal() gives JAX's floats within 2 units in the last place", () => {
  for (const { key: words, shape, floats } of golden.normal) {
    const out = normal(keyOf(words), shape);
    assertEquals([out.dtype, out.shape], ["float32", shape]);
    floatBits(out).forEach((bits, i) => {
      const ulps = ulpsBetween(bits, floats[i]!);
      assert(ulps <= 2, `key ${words}, shape [${shape}], element ${i}: ${ulps} ulp`);
    });
  }
});

forEachEngine("normal() has mean 0 and variance 1", () => {
  const x = values(normal(key(2), [4096]));
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  // Five standard errors each.
  assert(Math.abs(mean) < 5 / Math.sqrt(4096), `mean ${mean}`);
  assert(Math.abs(variance - 1) < 5 * Math.sqrt(2 / 4096), `variance ${variance}`);
});

forEachEngine("normal() refuses another dtype than float32", () => {
  assertThrows(
    () => normal(key(0), [2], "int32" as "float32"),
    TypeError,
    "Cannot draw normal numbers as only float32 is drawn: got dtype int32 (cast the result)",
  );
});

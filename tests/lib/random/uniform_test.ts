import { assert, assertEquals, assertThrows } from "@std/assert";
import { key, uniform } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { floatBits, golden, keyOf, values } from "./golden.ts";

forEachEngine("uniform() gives JAX's floats bit for bit, for every range", () => {
  for (const { key: words, shape, range, floats } of golden.uniform) {
    const [minval, maxval] = [range[0]!, range[1]!];
    const out = uniform(keyOf(words), shape, { minval, maxval });
    assertEquals([out.dtype, out.shape], ["float32", shape]);
    assertEquals(floatBits(out), floats, `key ${words}, shape [${shape}], range [${range}]`);
  }
});

forEachEngine("uniform() is in [0, 1) by default", () => {
  const x = values(uniform(key(11), [4096]));
  assert(x.every((value) => value >= 0 && value < 1));
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  // Five standard errors of the mean of 4096.
  assert(Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 12 / 4096), `mean ${mean}`);
});

forEachEngine("uniform() refuses bounds in the wrong order or too far apart", () => {
  const text = "Cannot draw uniform numbers as minval <= maxval and their difference must be " +
    "finite in float32";
  assertThrows(
    () => uniform(key(0), [2], { minval: 1, maxval: 0 }),
    RangeError,
    `${text}: minval is 1, maxval is 0`,
  );
  assertThrows(() => uniform(key(0), [2], { minval: NaN }), RangeError, "minval is NaN");
  assertThrows(() => uniform(key(0), [2], { maxval: Infinity }), RangeError, "maxval is Infinity");
  assertThrows(() => uniform(key(0), [2], { minval: -3e38, maxval: 3e38 }), RangeError, text);
});

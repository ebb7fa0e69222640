import { assertEquals } from "@std/assert";
import { formatBytes, formatCount, programCost } from "../../../lib/engine/cost.ts";

Deno.test("formatCount() and formatBytes() keep three digits and name the power of a thousand", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [999, "999"],
    [1000, "1.00 k"],
    [12_345, "12.3 k"],
    [999_499, "999 k"],
    [999_500, "1.00 M"],
    [2 * 1024 ** 3, "2.15 G"],
    [7e18, "7000 P"],
  ];
  for (const [value, text] of cases) assertEquals(formatCount(value), text);
  assertEquals([formatBytes(12), formatBytes(12_345)], ["12 B", "12.3 kB"]);
});

Deno.test("programCost() writes counts and memory for people", () => {
  const counts = { flops: 2e9, transcendentals: 30, bytesAccessed: 4096, loopsOfUnknownLength: 0 };
  const memory = {
    argumentBytes: 100,
    outputBytes: 2000,
    aliasBytes: 50,
    tempBytes: 3e6,
    generatedCodeBytes: 0,
  };
  const cost = programCost(counts, memory);
  assertEquals(
    cost.text,
    "operations  2.00 G flops, 30 transcendentals\n" +
      "accesses    4.10 kB without fusion\n" +
      "memory      100 B of arguments, 2.00 kB of results (50 B in the arguments' place), " +
      "3.00 MB meanwhile",
  );
  assertEquals(cost, { ...counts, memory, text: cost.text });
  const { text } = programCost(counts, { ...memory, generatedCodeBytes: 7000 });
  assertEquals(text, `${cost.text}, 7.00 kB of code`);
});

Deno.test("programCost() says what it does not know", () => {
  const counts = { flops: 1, transcendentals: 0, bytesAccessed: 8, loopsOfUnknownLength: 2 };
  assertEquals(programCost(counts, null).text.split("\n").slice(2), [
    "loops       2 of unknown length, counted as one round each",
    "memory      the plugin does not tell",
  ]);
});

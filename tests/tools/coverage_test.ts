import { assertEquals } from "@std/assert";
import { parseLcov, percent, sumUp } from "../../tools/coverage.ts";

const REPORT = `SF:/home/me/lib/a/one.ts
DA:1,1
LH:3
LF:4
BRF:2
BRH:1
end_of_record
SF:/home/me/lib/a/two.ts
LH:6
LF:6
end_of_record
SF:/home/me/datasets/three.ts
LH:0
LF:5
BRF:0
BRH:0
end_of_record
SF:/elsewhere/lib/a/one.ts
LH:9
LF:9
end_of_record
`;

Deno.test("parseLcov() gives lines and branches of the files below a folder", () => {
  assertEquals(Object.fromEntries(parseLcov(REPORT, "/home/me/")), {
    "lib/a/one.ts": { lines: { found: 4, hit: 3 }, branches: { found: 2, hit: 1 } },
    "lib/a/two.ts": { lines: { found: 6, hit: 6 }, branches: { found: 0, hit: 0 } },
    "datasets/three.ts": { lines: { found: 5, hit: 0 }, branches: { found: 0, hit: 0 } },
  });
});

Deno.test("sumUp() adds up by group, and percent() is of what there is", () => {
  const sums = sumUp(parseLcov(REPORT, "/home/me/"), (path) => path.split("/")[0]!);
  assertEquals([...sums.keys()], ["lib", "datasets"]);
  const { lines, branches } = sums.get("lib")!;
  assertEquals([lines, branches], [{ found: 10, hit: 9 }, { found: 2, hit: 1 }]);
  assertEquals([percent(lines), percent(branches), percent({ found: 0, hit: 0 })], [90, 50, 100]);
});

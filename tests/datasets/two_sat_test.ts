import { assert, assertEquals, assertThrows } from "@std/assert";
import { twoSat } from "../../datasets/mod.ts";

Deno.test("twoSat() makes clauses of each pair of variables, which the solution fulfils", () => {
  const problems = twoSat({ count: 20, variables: [2, 6], seed: 1 });
  const { isVariable, solution, senders, receivers, isPositive, nNode, nEdge } = problems;
  const fulfilled = new Map<number, boolean>();
  senders.forEach((variable, edge) => {
    assertEquals([isVariable[variable], isVariable[receivers[edge]!]], [1, 0]);
    const holds = solution[variable] === isPositive[edge];
    fulfilled.set(receivers[edge]!, holds || fulfilled.get(receivers[edge]!) === true);
  });
  assert([...fulfilled.values()].every((holds) => holds));
  assertEquals(fulfilled.size, isVariable.filter((v) => v === 0).length);
  assertEquals(nNode.reduce((a, b) => a + b), isVariable.length);
  assertEquals(nEdge.reduce((a, b) => a + b), senders.length);
});

Deno.test("twoSat() refuses problems of one variable", () => {
  assertThrows(
    () => twoSat({ count: 1, variables: [1, 3] }),
    RangeError,
    "Cannot make clauses of two literals as a problem needs 2 variables: 1 to 3",
  );
});

import { assertEquals } from "@std/assert";
import { KeptMemory } from "../../../../lib/xla/pjrt/kept_memory.ts";

const MB = 2 ** 20;

/** A process that keeps `perCall` bytes more with each call, until they are given back. */
function processThatKeeps(perCall: number): { call(temp: number): void; trims: number[] } {
  let [resident, calls] = [100 * MB, 0];
  const trims: number[] = [];
  const kept = new KeptMemory({
    resident: () => resident,
    trim() {
      trims.push(calls);
      resident = 100 * MB;
    },
  });
  return {
    trims,
    call(temp) {
      kept.noteCall(temp);
      resident += perCall;
      calls++;
    },
  };
}

Deno.test("what is kept is given back when it is more than what a program needs", () => {
  const grows = processThatKeeps(50 * MB);
  for (let i = 0; i < 16; i++) grows.call(140 * MB);
  // Looked at in each 4th call; in the 4th there are 150 MB more than the first began with.
  assertEquals(grows.trims, [3, 7, 11, 15]);
  const isSteady = processThatKeeps(0);
  for (let i = 0; i < 64; i++) isSteady.call(100 * MB);
  assertEquals(isSteady.trims, []);
});

Deno.test("some memory is kept however little a program needs", () => {
  const grows = processThatKeeps(20 * MB);
  for (let i = 0; i < 16; i++) grows.call(20 * MB);
  // In the 8th call there are 140 MB more than the first began with.
  assertEquals(grows.trims, [7, 15]);
});

Deno.test("small programs are not looked at, and larger ones raise the bound", () => {
  const small = processThatKeeps(50 * MB);
  for (let i = 0; i < 64; i++) small.call(1 * MB);
  assertEquals(small.trims, []);
  const larger = processThatKeeps(10 * MB);
  for (let i = 0; i < 3; i++) larger.call(20 * MB);
  larger.call(1000 * MB);
  assertEquals(larger.trims, []);
});

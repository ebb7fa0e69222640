import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Communicator } from "../../../lib/engine/mod.ts";
import { registerCommunicator } from "../../../lib/engine/registry.ts";
import { cut, ofThisProcess } from "../../../lib/xla/cross_processes.ts";
import { hlo, type HloNode, makeNode } from "../../../lib/xla/mod.ts";
import {
  allGather,
  axisIndex,
  EngineError,
  grad,
  pmap,
  pmax,
  pmean,
  psum,
  scan,
  type Tensor,
} from "../../../mod.ts";
import { devicesTest } from "../../support/engines.ts";

const parameter = (): HloNode => makeNode("parameter", [], [2], "f32", { trace: {} });
const isInput = (node: HloNode): boolean => node.op === "parameter";

/** Process 1 of two, whose peer has in every replica what this one has in its first, ten times. */
class Twin implements Communicator {
  readonly rank = 1;
  readonly size = 2;
  readonly calls: string[] = [];

  allReduce(values: Float32Array | Int32Array, combine: string, group: readonly number[]): void {
    this.calls.push(`${combine} ${values.length} of ${group}`);
    values.forEach((value, i) => {
      values[i] = combine === "add" ? 11 * value : Math.max(value, 10 * value);
    });
  }

  agree(doing: string): void {
    this.calls.push(doing);
  }
}

/** Runs a test as process 1 of two, with two devices. */
function twinTest(name: string, fn: (twin: Twin) => void): void {
  devicesTest(2, name, () => {
    const twin = new Twin();
    registerCommunicator(twin);
    try {
      fn(twin);
    } finally {
      registerCommunicator(null);
    }
  });
}

Deno.test("a collective is done here as far as its groups are here", () => {
  const x = parameter();
  const here = (groups: number[][], rank: number): HloNode =>
    ofThisProcess([hlo.allReduce(x, "add", groups)], isInput, { rank, size: 2 }, 2)[0]!;
  // Replicas 0 and 1 are process 0's, 2 and 3 process 1's.
  const inside = here([[0, 1], [2, 3]], 1);
  assertEquals([inside.op, inside.attrs], ["all_reduce", { combine: "add", groups: [[0, 1]] }]);
  const across = here([[0, 2], [1, 3]], 0);
  assertEquals(across.op, "process_reduce");
  assertEquals(across.attrs, { combine: "add", groups: [[0], [1]], processes: [0, 1] });
  assertEquals(across.inputs, [x]);
  const all = here([[0, 1, 2, 3]], 1);
  assertEquals(all.attrs, { combine: "add", groups: [[0, 1]], processes: [0, 1] });
  assertEquals(all.inputs[0]!.attrs, { combine: "add", groups: [[0, 1]] });
});

Deno.test("a graph is cut after what the processes combine", () => {
  const x = parameter();
  const attrs = { combine: "add" as const, groups: [[0]], processes: [0, 1] };
  const reduce = (y: HloNode): HloNode<"process_reduce"> =>
    makeNode("process_reduce", [y], [2], "f32", attrs);
  const kept = hlo.unary("sine", x);
  const first = reduce(kept);
  const second = reduce(hlo.mul(first, kept));
  const { segments, outputs } = cut([hlo.add(second, x), first, x], isInput);
  const ops = segments.map(({ order }) => order.map(({ op }) => op));
  assertEquals(ops, [["optimization_barrier", "sine"], ["multiply"], ["add"]]);
  assertEquals(segments.map(({ reduces }) => reduces), [[first], [second], []]);
  // The sine is a result for the next segment, and once more for the processes to write over.
  assertEquals(segments[0]!.outputs.filter((node) => node === kept).length, 2);
  assertEquals(segments[1]!.inputs, [first, kept]);
  assertEquals(segments[2]!.inputs, [second, x]);
  assertEquals(outputs.slice(1).map(({ op }) => op), ["process_reduce", "optimization_barrier"]);
});

Deno.test("masks and what only places numbers are computed anew, not kept", () => {
  const x = parameter();
  const attrs = { combine: "add" as const, groups: [[0]], processes: [0, 1] };
  const reduce = (y: HloNode): HloNode<"process_reduce"> =>
    makeNode("process_reduce", [y], [2], "f32", attrs);
  const sine = hlo.unary("sine", x);
  const mask = hlo.compare("GT", x, hlo.like(x, 0));
  const wide = hlo.broadcastInDim(mask, [2, 3], [0]);
  const ofSine = hlo.compare("GT", sine, hlo.like(sine, 0));
  const first = reduce(hlo.select(mask, sine, x));
  const rows = hlo.broadcastInDim(first, [2, 3], [0]);
  const later = hlo.select(wide, rows, hlo.broadcastInDim(sine, [2, 3], [0]));
  const { segments } = cut([later, hlo.select(ofSine, first, x), wide], isInput);
  // The mask of the sine is a result of a computation, and so is kept; as a result, wide is one,
  // too.
  assertEquals(new Set(segments[0]!.outputs), new Set([sine, ofSine, wide, first.inputs[0]!]));
  assertEquals(new Set(segments[1]!.inputs), new Set([x, first, sine, ofSine]));
  assertEquals(segments[1]!.order.filter((node) => node === mask || node === wide).length, 2);
});

twinTest("a program of two processes computes what each of them has of it", (twin) => {
  const f = pmap((x: Tensor) => ({
    sum: psum(x, "i"),
    twice: psum(tf.mul(psum(x, "i"), x), "i"),
    max: pmax(x, "i"),
    index: axisIndex("i"),
    same: x,
  }), { axisName: "i" });
  const { sum, twice, max, index, same } = f(tf.tensor1d([1, 2]));
  assertEquals(sum.arraySync(), [33, 33]);
  assertEquals(twice.arraySync(), [33 * 33, 33 * 33]);
  assertEquals(max.arraySync(), [20, 20]);
  assertEquals([index.arraySync(), same.arraySync()], [[2, 3], [1, 2]]);
  assertEquals(twin.calls, [
    "pmap on 2 device(s): maximum of f32 [] over processes 0, 1, add of f32 [] over processes " +
    "0, 1, add of f32 [] over processes 0, 1",
    "maximum 1 of 0,1",
    "add 1 of 0,1",
    "add 1 of 0,1",
  ]);
});

twinTest("axes go through the processes, and a collective inside a process stays there", (twin) => {
  const f = pmap((x: Tensor) => [psum(x, "data"), psum(x, "edges"), axisIndex("data")], {
    axes: { data: 2, edges: 2 },
  });
  const [data, edges, index] = f(tf.tensor2d([[1, 2]]));
  assertEquals(data!.arraySync(), [[11, 22]]);
  assertEquals(edges!.arraySync(), [[3, 3]]);
  assertEquals(index!.arraySync(), [[1, 1]]);
  assertEquals(twin.calls.slice(1), ["add 1 of 0,1", "add 1 of 0,1"]);
  assertThrows(
    () => pmap((x: Tensor) => x, { axes: { data: 3, edges: 2 } })(tf.zeros([3, 1])),
    TypeError,
    "Cannot call pmap as each process has an equal block of the replicas: axes {data: 3, edges: 2} " +
      "for 2 processes (make the first axis a multiple of the processes)",
  );
});

twinTest("gradients, means and what is gathered cross processes", () => {
  const x = tf.tensor1d([1, 2]);
  const loss = (x: Tensor): Tensor => tf.square(psum(x, "i"));
  // d/dx of (Σx)² is psum(2Σx) = 11 · (2 · 33 + 2 · 33).
  assertEquals(pmap(grad(loss), { axisName: "i" })(x).arraySync(), [1452, 1452]);
  assertEquals(pmap((x: Tensor) => pmean(x, "i"), { axisName: "i" })(x).arraySync(), [8.25, 8.25]);
  const all = pmap((x: Tensor) => allGather(x, "i"), { axisName: "i" })(x);
  assertEquals(all.arraySync(), Array(2).fill([0, 0, 11, 22]));
});

twinTest("donated arguments are gone after a program of several processes", () => {
  const step = pmap((p: Tensor) => tf.add(p, psum(p, "i")), { axisName: "i", donate: 0 });
  let p: Tensor = step(tf.tensor1d([1, 2]));
  p.dataSync();
  for (let i = 0; i < 2; i++) {
    const next = step(p);
    assertThrows(() => p.dataSync(), EngineError, "it was donated");
    p = next;
  }
  // The sum s of both grows to s + 2 · 11 s.
  assertEquals(tf.sum(p).dataSync()[0], 3 * 23 ** 3);
});

twinTest("a collective over processes inside scan names the way round", () => {
  const f = pmap((x: Tensor) => scan((c: Tensor) => [psum(c, "i"), null], x, 3)[0], {
    axisName: "i",
  });
  assertThrows(
    () => f(tf.tensor1d([1, 2])),
    TypeError,
    "Cannot run a collective over processes inside scan as the compiled loop would have to stop at " +
      "each step for the other processes (write the loop on the host",
  );
});

import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { liveBuffers, type PjrtBuffer, PjrtError } from "../../../../lib/xla/pjrt/mod.ts";
import { ADD, clientTest, program, take } from "./cpu_client.ts";

clientTest("execute() runs a program of several results, which know type and shape", (client) => {
  const run = client.compile(program(
    "%a: tensor<2x3xf32>, %b: tensor<2x3xf32>",
    "tensor<2x3xi1>, tensor<i32>, tensor<0x3xf64>, tensor<3x2xf32>",
    `%0 = stablehlo.compare LT, %a, %b : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xi1>
     %1 = stablehlo.constant dense<-7> : tensor<i32>
     %2 = stablehlo.constant dense<0.0> : tensor<0x3xf64>
     %3 = stablehlo.transpose %a, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
     return %0, %1, %2, %3 : tensor<2x3xi1>, tensor<i32>, tensor<0x3xf64>, tensor<3x2xf32>`,
  ));
  assertEquals(run.numOutputs, 4);
  const a = client.upload(new Float32Array([1, 2, 3, 4, 5, 6]), "f32", [2, 3]);
  const b = client.upload(new Float32Array([2, 2, 4, 4, 6, 6]), "f32", [2, 3]);
  const results = run.execute([[a, b]])[0]!;
  assertEquals(results.map(({ type, shape }) => ({ type, shape })), [...run.outputTypes]);
  assertEquals(results.map(take), [[1, 0, 1, 0, 1, 0], [-7], [], [1, 4, 2, 5, 3, 6]]);
  for (const owned of [a, b, run]) owned.dispose();
});

clientTest("execute() runs a program without arguments and one without results", (client) => {
  const constant = client.compile(program(
    "",
    "tensor<2xi32>",
    "%0 = stablehlo.constant dense<[4, 5]> : tensor<2xi32>\nreturn %0 : tensor<2xi32>",
  ));
  assertEquals(constant.execute([[]])[0]!.map(take), [[4, 5]]);
  const nothing = client.compile(program("", "", "return"));
  assertEquals(nothing.execute([[]]), [[]]);
  constant.dispose();
  nothing.dispose();
});

clientTest("execute() takes results as arguments before their values are there", (client) => {
  const add = client.compile(ADD);
  const one = client.upload(new Float32Array(3).fill(1), "f32", [3]);
  let sum = client.upload(new Float32Array(3), "f32", [3]);
  for (let i = 0; i < 100; i++) {
    const next: PjrtBuffer = add.execute([[sum, one]])[0]![0]!;
    sum.dispose();
    sum = next;
  }
  assertEquals(take(sum), [100, 100, 100]);
  one.dispose();
  add.dispose();
});

clientTest("execute() on four devices sums over them with all_reduce", (client) => {
  const sum = client.compile(
    program(
      "%a: tensor<2xf32>",
      "tensor<2xf32>, tensor<2xf32>",
      `%0 = "stablehlo.all_reduce"(%a) <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> ({
       ^bb0(%x: tensor<f32>, %y: tensor<f32>):
         %s = stablehlo.add %x, %y : tensor<f32>
         stablehlo.return %s : tensor<f32>
       }) : (tensor<2xf32>) -> tensor<2xf32>
       return %0, %a : tensor<2xf32>, tensor<2xf32>`,
    ),
    { replicas: 4 },
  );
  assertEquals(sum.numDevices, 4);
  const args = [0, 1, 2, 3].map((device) => [
    client.upload(new Float32Array([device, 10 ** device]), "f32", [2], device),
  ]);
  for (let i = 0; i < 20; i++) {
    assertEquals(sum.execute(args).map((row) => row.map(take)), [
      [[6, 1111], [0, 1]],
      [[6, 1111], [1, 10]],
      [[6, 1111], [2, 100]],
      [[6, 1111], [3, 1000]],
    ]);
  }
  for (const [buffer] of args) buffer!.dispose();
  sum.dispose();
});

clientTest("execute() refuses wrong arguments and goes on to work", (client) => {
  const add = client.compile(ADD);
  const three = client.upload(new Float32Array([1, 2, 3]), "f32", [3]);
  const four = client.upload(new Float32Array(4), "f32", [4]);
  const elsewhere = client.upload(new Float32Array(3), "f32", [3], 1);
  assertThrows(
    () => add.execute([[three, three], [three, three]]),
    RangeError,
    "compiled for another number of devices: expected 1 lists of arguments, got 2",
  );
  assertThrows(() => add.execute([]), RangeError, "expected 1 lists of arguments, got 0");
  assertThrows(() => add.execute([[three]]), PjrtError, "supplied 1 arguments but");
  assertThrows(() => add.execute([[three, four]]), PjrtError, "incompatible size");
  assertThrows(() => add.execute([[three, elsewhere]]), PjrtError, "is on device cpu:1");
  four.dispose();
  elsewhere.dispose();
  assertThrows(
    () => add.execute([[three, four]]),
    TypeError,
    "Cannot use the buffer as it was disposed",
  );
  assertEquals(take(add.execute([[three, three]])[0]![0]!), [2, 4, 6]);
  assertEquals(liveBuffers(), 1);
  three.dispose();
  add.dispose();
});

clientTest("execute() refuses unequal numbers of arguments on the devices", (client) => {
  const add = client.compile(ADD, { replicas: 2 });
  const a = client.upload(new Float32Array(3), "f32", [3]);
  assertThrows(
    () => add.execute([[a, a], [a]]),
    RangeError,
    "2 on device 0, 1 on device 1",
  );
  a.dispose();
  add.dispose();
});

clientTest("a disposed executable refuses to run", (client) => {
  const add = client.compile(ADD);
  add.dispose();
  add.dispose();
  assertEquals(add.disposed, true);
  assertThrows(() => add.execute([[]]), TypeError, "Cannot use the executable as it was disposed");
  assertThrows(() => add.serialize(), TypeError, "Cannot use the executable as it was disposed");
});

clientTest("programs of a type that JavaScript has no array of are refused", (client) => {
  assertThrows(
    () =>
      client.compile(program(
        "%a: tensor<2xcomplex<f32>>",
        "tensor<2xcomplex<f32>>",
        "return %a : tensor<2xcomplex<f32>>",
      )),
    Error,
    "Cannot use the program as its output 0 has PJRT's element type 14 (convert it)",
  );
});

clientTest("10,000 uploads, calls and downloads leave no buffer and no memory behind", async () => {
  // In a process of its own, whose memory no other test shares.
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", new URL("./many_calls.ts", import.meta.url).href],
  }).output();
  assertEquals(code, 0);
  const { live, growth } = JSON.parse(new TextDecoder().decode(stdout));
  assertEquals(live, 0);
  // A leaked event for each call would be 8 MB.
  assertLess(growth, 4e6);
});

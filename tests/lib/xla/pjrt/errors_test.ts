import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { liveBuffers, PjrtError } from "../../../../lib/xla/pjrt/mod.ts";
import { clientTest, FAILING, HUGE, program } from "./cpu_client.ts";

clientTest("an error at the start of a program comes from execute()", (client) => {
  const fill = client.compile(program(
    "%a: tensor<f32>",
    HUGE,
    `%0 = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> ${HUGE}
     return %0 : ${HUGE}`,
  ));
  const one = client.upload(new Float32Array(1), "f32", []);
  const error = assertThrows(
    () => fill.execute([[one]]),
    PjrtError,
    "Cannot run the program as the plugin reports RESOURCE_EXHAUSTED: Out of memory",
  );
  assertEquals(error.code, "RESOURCE_EXHAUSTED");
  assertEquals(liveBuffers(), 1);
  one.dispose();
  fill.dispose();
});

clientTest(
  "an error in the course of a program comes when its results are read",
  async (client) => {
    const sort = client.compile(FAILING);
    const add = client.compile(program(
      "%a: tensor<1xf32>",
      "tensor<1xf32>",
      "%0 = stablehlo.add %a, %a : tensor<1xf32>\nreturn %0 : tensor<1xf32>",
    ));
    const one = client.upload(new Float32Array(1), "f32", []);
    const failed = sort.execute([[one]])[0]![0]!;
    // What is computed from it fails for the same reason.
    const after = add.execute([[failed]])[0]![0]!;
    const message = "Out of memory allocating 4000000000000000 bytes";
    for (const buffer of [failed, after]) {
      assertThrows(() => buffer.download(new Float32Array(1)), PjrtError, message);
      await assertRejects(() => buffer.downloadAsync(new Float32Array(1)), PjrtError, message);
      await assertRejects(() => buffer.ready(), PjrtError, message);
    }
    for (const owned of [failed, after, one, sort, add]) owned.dispose();
  },
);

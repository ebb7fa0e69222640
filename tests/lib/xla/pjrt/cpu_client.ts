/** A client of the installed CPU plugin for the tests of this folder. @module */
import {
  type BufferType,
  loadPlugin,
  type PjrtBuffer,
  type PjrtClient,
  type PjrtPlugin,
} from "../../../../lib/xla/pjrt/mod.ts";
import { findPlugin } from "../../../../lib/xla/plugin_path.ts";
import { skipUnless } from "../../../support/skip.ts";

const path = await findPlugin();
const need = skipUnless(path !== null, "the PJRT plugin is not installed (deno task setup)");

/** The installed plugin. */
export function plugin(): PjrtPlugin {
  return loadPlugin(path!);
}

/** A test that needs the plugin; the client has four virtual devices and is closed at the end. */
export function clientTest(name: string, fn: (client: PjrtClient) => void | Promise<void>): void {
  Deno.test({
    name,
    ...need,
    fn: async () => {
      const client = plugin().createClient({ deviceCount: 4 });
      try {
        await fn(client);
      } finally {
        client.close();
      }
    },
  });
}

/** A program from its arguments, e.g. `%a: tensor<3xf32>`, its body and its result types. */
export function program(args: string, results: string, body: string): string {
  return `module @test { func.func public @main(${args}) -> (${results}) {\n${body}\n} }`;
}

/** `a + b` over three floats. */
export const ADD = program(
  "%a: tensor<3xf32>, %b: tensor<3xf32>",
  "tensor<3xf32>",
  "%0 = stablehlo.add %a, %b : tensor<3xf32>\nreturn %0 : tensor<3xf32>",
);

/** 4 PB: more than any address space holds, so that no machine can have it. */
export const HUGE = "tensor<1000000000000000xf32>";

/**
 * Fails when its result is read: the sorted array is needed on the way, so it is asked for then.
 */
export const FAILING = program(
  "%a: tensor<f32>",
  "tensor<1xf32>",
  `%0 = stablehlo.broadcast_in_dim %a, dims = [] : (tensor<f32>) -> ${HUGE}
   %1 = stablehlo.iota dim = 0 : ${HUGE}
   %2 = stablehlo.multiply %0, %1 : ${HUGE}
   %3 = "stablehlo.sort"(%2) <{dimension = 0 : i64, is_stable = false}> ({
   ^bb0(%x: tensor<f32>, %y: tensor<f32>):
     %less = stablehlo.compare LT, %x, %y : (tensor<f32>, tensor<f32>) -> tensor<i1>
     stablehlo.return %less : tensor<i1>
   }) : (${HUGE}) -> ${HUGE}
   %4 = stablehlo.slice %3 [5:6] : (${HUGE}) -> tensor<1xf32>
   return %4 : tensor<1xf32>`,
);

const ARRAYS = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  i1: Uint8Array,
  u8: Uint8Array,
};

/** An array of zeros that a value of this type fits. */
export function hostArray({ type, shape }: BufferType): ArrayBufferView & ArrayLike<unknown> {
  return new ARRAYS[type](shape.reduce((size, dimension) => size * dimension, 1));
}

/** The values of a buffer, which is disposed. */
export function take(buffer: PjrtBuffer): unknown[] {
  const values = hostArray(buffer);
  buffer.download(values);
  buffer.dispose();
  return Array.from(values);
}

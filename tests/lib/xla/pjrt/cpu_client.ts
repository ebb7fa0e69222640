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

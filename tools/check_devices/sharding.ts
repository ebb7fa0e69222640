/** Sharding: programs over all devices at once, which exchange values. @module */
import { assertEquals } from "@std/assert";
import { installedEngine } from "@meshwork/meshwork/xla";
import type { PjrtBuffer, PjrtClient } from "../../lib/xla/pjrt/mod.ts";
import type { Check } from "./check.ts";

const SIZE = 4;

/** A program of one argument `[SIZE]`, given its result's type and the operation that makes it. */
const program = (result: string, operation: string): string =>
  `module @collective { func.func public @main(%a: tensor<${SIZE}xf32>) -> (${result}) {
     %0 = ${operation} : (tensor<${SIZE}xf32>) -> ${result}
     return %0 : ${result}
   } }`;

/** All devices as one group. */
const group = (devices: number): string =>
  `replica_groups = dense<[[${[...Array(devices).keys()].join(", ")}]]> : tensor<1x${devices}xi64>`;

const combine = (op: string): string =>
  `({
     ^bb0(%x: tensor<f32>, %y: tensor<f32>):
       %s = stablehlo.${op} %x, %y : tensor<f32>
       stablehlo.return %s : tensor<f32>
   })`;

/** What device `d` starts from. */
const valuesOf = (d: number): number[] => Array.from({ length: SIZE }, (_, i) => 10 * d + i);

/** Runs a program on all devices and reads what each has. */
function runOnAll(client: PjrtClient, text: string): number[][] {
  const devices = client.devices.length;
  using cleanup = new DisposableStack();
  const own = <T extends { dispose(): void }>(owned: T): T => {
    cleanup.defer(() => owned.dispose());
    return owned;
  };
  const run = own(client.compile(text, { replicas: devices }));
  const args = client.devices.map((_, d) => [
    own(client.upload(Float32Array.from(valuesOf(d)), "f32", [SIZE], d)),
  ]);
  return run.execute(args).map(([result]) => {
    const values = new Float32Array((result as PjrtBuffer).byteLength / 4);
    own(result as PjrtBuffer).download(values);
    return [...values];
  });
}

/** A collective that leaves the same on all devices. */
function collective(name: string, text: string, expected: readonly number[]): Check {
  return {
    name,
    run() {
      const { client } = installedEngine()!.runtime;
      const results = runOnAll(client, text);
      assertEquals(results, client.devices.map(() => [...expected]));
      return `over ${client.devices.length} device(s)`;
    },
  };
}

/** Checks of collectives over so many devices. */
export function shardingChecks(devices: number): Check[] {
  const all = Array.from({ length: devices }, (_, d) => valuesOf(d));
  const same = `tensor<${SIZE}xf32>`;
  const reduce = (op: string): string =>
    program(same, `"stablehlo.all_reduce"(%a) <{${group(devices)}}> ${combine(op)}`);
  const gathered = `tensor<${SIZE * devices}xf32>`;
  return [
    collective(
      "all_reduce, sum",
      reduce("add"),
      valuesOf(0).map((_, i) => all.reduce((sum, values) => sum + values[i]!, 0)),
    ),
    collective("all_reduce, maximum", reduce("maximum"), all.at(-1)!),
    collective(
      "all_gather",
      program(
        gathered,
        `"stablehlo.all_gather"(%a) <{all_gather_dim = 0 : i64, ${group(devices)}}>`,
      ),
      all.flat(),
    ),
  ];
}

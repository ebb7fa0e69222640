import { assert, assertEquals } from "@std/assert";
import {
  CompileCache,
  compileCacheFolder,
  openCompileCache,
} from "../../../lib/xla/compile_cache.ts";
import type { PjrtClient } from "../../../lib/xla/pjrt/mod.ts";
import { Runtime } from "../../../lib/xla/runtime.ts";
import { withFolder } from "../../support/folder.ts";
import { xlaTest } from "../../support/engines.ts";
import { clientTest, program, take } from "./pjrt/cpu_client.ts";

const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

/** A cache that keeps a program however quickly it was compiled. */
const keepAll = (folder: string): CompileCache => new CompileCache(folder, "plugin", 2 ** 24, 0);

const DEEP = program(
  "%0: tensor<64x64xf32>",
  "tensor<64x64xf32>",
  Array.from(
    { length: 40 },
    (_, i) =>
      i % 2
        ? `%${i + 1} = stablehlo.tanh %${i} : tensor<64x64xf32>`
        : `%${i + 1} = stablehlo.dot_general %${i}, %0, contracting_dims = [1] x [0] : ` +
          `(tensor<64x64xf32>, tensor<64x64xf32>) -> tensor<64x64xf32>`,
  ).join("\n") +
    "\nreturn %40 : tensor<64x64xf32>",
);

const SQUARE = "tensor<1800x1800xf32>";

/** A program that has four sorted squares of 13 MB at a time, and gives their sum. */
const WIDE = program(
  `%s0: ${SQUARE}`,
  SQUARE,
  [1, 2, 3, 4].map((i) => `
    %n${i} = stablehlo.negate %s${i - 1} : ${SQUARE}
    %s${i} = "stablehlo.sort"(%n${i}) <{dimension = ${i % 2} : i64, is_stable = false}> ({
    ^bb0(%x: tensor<f32>, %y: tensor<f32>):
      %less = stablehlo.compare LT, %x, %y : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %less : tensor<i1>
    }) : (${SQUARE}) -> ${SQUARE}`).join("") +
    [2, 3, 4].map((i) =>
      `%t${i} = stablehlo.add %${i === 2 ? "s1" : `t${i - 1}`}, %s${i} : ${SQUARE}`
    ).join("\n") +
    `\nreturn %t4 : ${SQUARE}`,
);

/** The values of the deep program on a matrix of small numbers. */
function runDeep(runtime: Runtime, client: PjrtClient): unknown[] {
  const executable = runtime.programs.compile(DEEP);
  const input = client.upload(Float32Array.from({ length: 4096 }, (_, i) => Math.sin(i)), "f32", [
    64,
    64,
  ]);
  const values = take(executable.execute([[input]])[0]![0]!);
  input.dispose();
  executable.dispose();
  return values;
}

Deno.test("a cache gives back what it was given, in another instance too", () =>
  withFolder((folder) => {
    new CompileCache(`${folder}/a/b`, "plugin").put("text", bytes(1, 2, 3));
    assertEquals(new CompileCache(`${folder}/a/b`, "plugin").get("text"), bytes(1, 2, 3));
  }));

Deno.test("a cache tells programs and plugins apart", () =>
  withFolder((folder) => {
    new CompileCache(folder, "plugin").put("text", bytes(1));
    assertEquals(new CompileCache(folder, "plugin").get("other text"), null);
    assertEquals(new CompileCache(folder, "other plugin").get("text"), null);
    assertEquals(new CompileCache(folder, "plugint").get("ext"), null);
  }));

Deno.test("a file that is cut off, changed, empty or another entry's is not given", () =>
  withFolder((folder) => {
    const cache = new CompileCache(folder, "plugin");
    cache.put("text", bytes(1, 2, 3));
    const path = `${folder}/${[...Deno.readDirSync(folder)][0]!.name}`;
    const whole = Deno.readFileSync(path);
    const damaged = whole.slice();
    damaged[damaged.length - 1]! ^= 1;
    new CompileCache(`${folder}/other`, "plugin").put("other text", bytes(9));
    const foreign = `${folder}/other/${[...Deno.readDirSync(`${folder}/other`)][0]!.name}`;
    for (
      const content of [whole.slice(0, -1), damaged, bytes(), Deno.readFileSync(foreign)]
    ) {
      Deno.writeFileSync(path, content);
      assertEquals(cache.get("text"), null);
    }
    cache.put("text", bytes(1, 2, 3));
    assertEquals(cache.get("text"), bytes(1, 2, 3));
  }));

Deno.test("a cache stays below its bound: the least recently used go", () =>
  withFolder((folder) => {
    const cache = new CompileCache(folder, "plugin", 3 * 132);
    const old = (text: string, hours: number): void => {
      const before = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
      cache.put(text, new Uint8Array(100));
      for (const { name } of Deno.readDirSync(folder)) {
        const time = new Date(Date.now() - hours * 3.6e6);
        if (!before.has(name)) Deno.utimeSync(`${folder}/${name}`, time, time);
      }
    };
    old("a", 3);
    old("b", 2);
    old("c", 1);
    assertEquals(cache.get("a")?.length, 100);
    cache.put("d", new Uint8Array(100));
    assertEquals(["a", "b", "c", "d"].map((text) => cache.get(text) !== null), [
      true,
      false,
      true,
      true,
    ]);
    cache.put("too large", new Uint8Array(1000));
    assertEquals(cache.get("too large"), null);
  }));

Deno.test("files that were never finished are taken away, and strangers' left alone", () =>
  withFolder((folder) => {
    const time = new Date(Date.now() - 2 * 3.6e6);
    for (const name of ["a.xla.1.partial", "notes.txt"]) {
      Deno.writeTextFileSync(`${folder}/${name}`, "");
      Deno.utimeSync(`${folder}/${name}`, time, time);
    }
    new CompileCache(folder, "plugin").put("text", bytes(1));
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.filter((name) => !name.endsWith(".xla")), ["notes.txt"]);
  }));

Deno.test("a folder that cannot be made is no error", () =>
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const cache = new CompileCache(`${folder}/file/folder`, "plugin");
    cache.put("text", bytes(1));
    assertEquals(cache.get("text"), null);
  }));

Deno.test("the environment chooses the folder, or none", () => {
  const folder = (env: Record<string, string>): string | null =>
    compileCacheFolder({ os: "linux", env: (name) => env[name] });
  assertEquals(folder({ HOME: "/home/ada" }), "/home/ada/.cache/meshwork/programs");
  assertEquals(folder({ HOME: "/home/ada", MESHWORK_COMPILE_CACHE: "/fast" }), "/fast");
  assertEquals(folder({ HOME: "/home/ada", MESHWORK_COMPILE_CACHE: "off" }), null);
  assertEquals(folder({}), null);
});

Deno.test("what flags of the environment XLA compiles with is part of a program's name", () =>
  withFolder((folder) => {
    const plugin = `${folder}/plugin.so`;
    Deno.writeTextFileSync(plugin, "");
    const client = { platform: "cpu", platformVersion: "1", devices: [] } as unknown as PjrtClient;
    const before = Deno.env.get("XLA_FLAGS");
    const names = ["", "--xla_cpu_enable_fast_math=true", ""].map((flags) => {
      Deno.env.set("XLA_FLAGS", flags);
      return openCompileCache(plugin, client)!.identity;
    });
    if (before === undefined) Deno.env.delete("XLA_FLAGS");
    else Deno.env.set("XLA_FLAGS", before);
    assertEquals(names[2], names[0]);
    assert(names[1] !== names[0]);
  }));

clientTest(
  "a second runtime loads what the first compiled, with the same results",
  (client) =>
    withFolder((folder) => {
      const first = new Runtime(client, keepAll(folder));
      const values = runDeep(first, client);
      assertEquals([first.stats.compiles, first.stats.cacheHits], [1, 0]);
      const second = new Runtime(client, keepAll(folder));
      assertEquals(runDeep(second, client), values);
      assertEquals([second.stats.compiles, second.stats.cacheHits], [1, 1]);
    }),
);

clientTest("a program that needs 30 to 60 MB is kept, too", (client) =>
  withFolder((folder) => {
    const compile = (): boolean => {
      const runtime = new Runtime(client, keepAll(folder));
      const executable = runtime.programs.compile(WIDE);
      const megabytes = executable.tempBytes / 2 ** 20;
      assert(megabytes > 30 && megabytes < 60, `${megabytes} MB`);
      executable.dispose();
      return runtime.stats.cacheHits > 0;
    };
    assertEquals([compile(), compile()], [false, true]);
  }));

clientTest(
  "an entry that the plugin refuses is compiled and written anew",
  (client) =>
    withFolder((folder) => {
      const cache = keepAll(folder);
      cache.put(DEEP, new TextEncoder().encode("whole, but no program"));
      const first = new Runtime(client, cache);
      const values = runDeep(first, client);
      assertEquals(first.stats.cacheHits, 0);
      const second = new Runtime(client, cache);
      assertEquals(runDeep(second, client), values);
      assertEquals(second.stats.cacheHits, 1);
    }),
);

xlaTest("a second start of a training script compiles nothing", () =>
  withFolder(async (folder) => {
    const script = new URL("./second_start_worker.ts", import.meta.url).pathname;
    const start = async (): Promise<{ loss: number; compiles: number; cacheHits: number }> => {
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script],
        env: { MESHWORK_COMPILE_CACHE: folder },
        stderr: "inherit",
      }).output();
      return JSON.parse(new TextDecoder().decode(stdout));
    };
    const [first, second] = [await start(), await start()];
    assert(first.compiles > 0 && first.cacheHits === 0, JSON.stringify(first));
    assertEquals(second, { ...first, cacheHits: first.compiles });
  }));

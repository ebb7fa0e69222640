/**
 * Checks the whole library on the devices of this machine: values, sharding, speed.
 *
 *     deno task check:devices                       the best devices there are
 *     deno task check:devices --plugin cuda         those of a plugin: cpu, cuda, tpu, or a path
 *     deno task check:devices --devices 4           so many of them; of a CPU, virtual ones (4)
 *     deno task check:devices --only sharding,speed some of kernels, library, sharding, speed
 *     deno task check:devices --quick               with small problems for speed
 *
 * Values are compared with TensorFlow.js's cpu backend, within what the platform's arithmetic
 * allows. The last line counts: `N passed, N failed`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Device, EngineError, init } from "@meshwork/meshwork";
import { formatBytes } from "../../lib/engine/cost.ts";
import { bestPlugins } from "../../lib/xla/plugins.ts";
import { currentPathSource } from "../../lib/base/mod.ts";
import { installedPlugin } from "../../lib/xla/plugin_path.ts";
import { type Check, runChecks, toleranceFor } from "./check.ts";
import { shardingChecks } from "./sharding.ts";
import { sizesFor, speedChecks } from "./speed.ts";
import { kernelChecks, libraryChecks } from "./values.ts";

const SECTIONS = ["kernels", "library", "sharding", "speed"];

/** Virtual devices of a CPU. */
const VIRTUAL_DEVICES = 4;

function describe({ id, kind, platform, platformVersion, description, memory }: Device): string {
  const used = memory();
  const size = used === null
    ? "does not tell its memory"
    : `${formatBytes(used.bytesInUse)} in use of ${formatBytes(used.bytesLimit ?? 0)}`;
  const version = platformVersion.replaceAll(/\s+/g, " ");
  return `  ${id}  ${kind}, ${platform} ${version}, ${description}, ${size}`;
}

/** Whether the plugin that will be started is the CPU's. */
async function isCpu(plugin: string | undefined): Promise<boolean> {
  if (plugin !== undefined) return plugin === "cpu";
  return (await bestPlugins()).paths[0] === await installedPlugin(currentPathSource());
}

/** Starts the devices, those of a CPU as several. */
async function startDevices(plugin?: string, devices?: number): Promise<readonly Device[]> {
  const asked = devices ?? (await isCpu(plugin) ? VIRTUAL_DEVICES : undefined);
  const { text, devices: started } = await init({
    engine: "xla",
    ...plugin === undefined ? {} : { plugin },
    ...asked === undefined ? {} : { devices: asked },
  });
  console.log(text);
  for (const device of started) console.log(describe(device));
  return started;
}

/** The sections of the report, by the names that `--only` knows. */
function sectionsFor(
  devices: readonly Device[],
  quick: boolean,
): Record<string, [string, Check[]]> {
  const { platform } = devices[0]!;
  const tolerance = toleranceFor(platform);
  return {
    kernels: ["Kernels", kernelChecks(tolerance)],
    library: ["Transformations, random numbers, models", libraryChecks(tolerance)],
    sharding: ["Sharding", shardingChecks(devices.length)],
    speed: ["Speed", speedChecks(sizesFor(platform, quick))],
  };
}

/** Runs the checks; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      plugin: { type: "string" },
      devices: { type: "string" },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
    },
  });
  const count = values.devices === undefined ? undefined : Number(values.devices);
  const only = values.only?.split(",");
  const unknown = only?.find((name) => !SECTIONS.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot check devices as there is no section ${unknown} (--only takes some of ${SECTIONS})`,
    );
  }
  const sections = sectionsFor(await startDevices(values.plugin, count), values.quick);
  let [passed, failed] = [0, 0];
  for (const name of only ?? SECTIONS) {
    const counts = await runChecks(...sections[name]!, console.log);
    passed += counts.passed;
    failed += counts.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    const isUsage = error instanceof TypeError || error instanceof RangeError;
    console.error(error instanceof EngineError || isUsage ? error.message : error);
    Deno.exit(1);
  }
}

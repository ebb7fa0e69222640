/**
 * Chooses the engine: which one there is, and what it computes on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { EngineError } from "./errors.ts";
import { lendCpuKernels } from "./lend_kernels.ts";
import { repairWasm } from "./wasm/mod.ts";
import { currentCompiler, type Device, type EngineDescription } from "./registry.ts";

/** Options of {@linkcode init}. */
export interface InitOptions {
  /**
   * The engine by name: `"xla"`, `"wasm"`, `"cpu"`, or another backend that tfjs has registered
   * (`"webgl"`, `"webgpu"`). By default the best there is: xla, else wasm, else cpu.
   */
  readonly engine?: string;
  /** Number of devices of the xla engine; on a CPU, virtual ones. */
  readonly devices?: number;
  /** Whether to say on stderr which engine runs and why; on by default when none is named. */
  readonly verbose?: boolean;
}

/** What to install for engines that are plugins of xla. */
const PLUGIN_PACKAGES: Readonly<Record<string, string>> = {
  cuda: "`pip install jax-cuda12-pjrt` or `jax-cuda13-pjrt`, with NVIDIA's runtime packages",
  tpu: "`pip install libtpu`",
};

let current: EngineDescription | null = null;

/**
 * Starts an engine and makes it TensorFlow.js's current backend. Called again, it switches engines;
 * tensors move when they are used.
 *
 * @returns What runs: its name, whether `jit` compiles on it, and its devices.
 * @throws {EngineError} If the named engine is missing or cannot start, or if another number of
 *   devices is asked of a client that has started.
 *
 * @example
 * ```ts
 * import { init } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { engine, compiles } = await init({ engine: "cpu" });
 * assertEquals([engine, compiles], ["cpu", false]);
 * ```
 */
export async function init(options: InitOptions = {}): Promise<EngineDescription> {
  const { engine, devices } = options;
  if (devices !== undefined && !(Number.isInteger(devices) && devices >= 1)) {
    throw new RangeError(
      `Cannot start an engine as devices must be a whole number >= 1: ${devices}`,
    );
  }
  if (engine === undefined) return current = await best(options);
  return current = await start(engine, devices);
}

/**
 * The devices of the engine that runs now.
 *
 * @example
 * ```ts
 * import { devices, init } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * await init({ engine: "cpu" });
 * assertEquals(devices().length, 1);
 * ```
 */
export function devices(): readonly Device[] {
  if (current && tf.getBackend() === current.engine) return current.devices;
  return hostDevices(tf.getBackend());
}

/** xla, else wasm, else cpu; says why a better one does not run. */
async function best({ devices, verbose = true }: InitOptions): Promise<EngineDescription> {
  const reasons: string[] = [];
  const attempt = async (engine: string): Promise<EngineDescription | null> => {
    try {
      return await start(engine, engine === "xla" ? devices : undefined);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      reasons.push(error.message);
      return null;
    }
  };
  const description = await attempt("xla") ?? await attempt("wasm") ?? await start("cpu");
  if (verbose && reasons.length > 0) console.warn(`${description.text}. ${reasons.join(". ")}`);
  return description;
}

async function start(engine: string, deviceCount?: number): Promise<EngineDescription> {
  if (engine === "xla") return await startXla(deviceCount);
  if (deviceCount !== undefined && deviceCount !== 1) {
    throw new EngineError(
      `Cannot start the ${engine} engine as it has one device: asked for ${deviceCount} ` +
        `(use {engine: "xla"})`,
    );
  }
  if (engine in PLUGIN_PACKAGES) {
    throw new EngineError(
      `Cannot start the ${engine} engine by its name as it is a plugin of xla ` +
        `(${PLUGIN_PACKAGES[engine]}, point MESHWORK_PJRT_PLUGIN at the plugin's file in it, and ` +
        `use {engine: "xla"})`,
    );
  }
  if (engine === "wasm") await loadWasm();
  if (!tf.engine().registryFactory[engine]) {
    const known = ["xla", ...Object.keys(tf.engine().registryFactory), "wasm"];
    throw new EngineError(
      `Cannot start the ${engine} engine as tfjs has no backend of that name ` +
        `(one of ${[...new Set(known)].join(", ")}; import others before init)`,
    );
  }
  if (!(await tf.setBackend(engine))) {
    throw new EngineError(`Cannot start the ${engine} engine as its backend did not initialise`);
  }
  await tf.ready();
  if (engine === "wasm") repairWasm();
  if (engine !== "cpu") lendCpuKernels(engine);
  return {
    engine,
    compiles: false,
    devices: hostDevices(engine),
    text: `Meshwork runs on tfjs's ${engine} backend; jit calls the function as it is`,
  };
}

async function startXla(deviceCount?: number): Promise<EngineDescription> {
  if (typeof Deno === "undefined") {
    throw new EngineError(
      "Cannot start the xla engine as it needs Deno (a browser has wasm or cpu)",
    );
  }
  // The only place that loads the engine: nothing above this line of imports knows of it.
  const { install } = await import("../xla/install.ts");
  const { devices, plugin } = await install(deviceCount);
  await tf.setBackend("xla");
  // The first op of a process runs code that never ran, which takes milliseconds: better here.
  tf.tidy(() => void tf.add([1, 2], 3).dataSync());
  const platforms = [...new Set(devices.map((device) => device.platform))].join(", ");
  return {
    engine: "xla",
    compiles: currentCompiler() !== null,
    devices,
    text: `Meshwork runs on xla: ${devices.length} ${platforms} device(s), plugin ${plugin}`,
  };
}

async function loadWasm(): Promise<void> {
  try {
    await import("@tensorflow/tfjs-backend-wasm");
  } catch (error) {
    throw new EngineError(
      `Cannot start the wasm engine as its package did not load: ${(error as Error).message}`,
    );
  }
}

function hostDevices(engine: string): Device[] {
  return [{ id: 0, platform: "cpu", description: `tfjs ${engine}` }];
}

/**
 * Chooses the engine: which one there is, and what it computes on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { ClientRunsError, EngineError } from "../base/mod.ts";
import { backendNames, lendCpuKernels, repairWasm } from "../tfjs/mod.ts";
import {
  type ClientOptions,
  currentCompiler,
  type Device,
  type EngineDescription,
} from "../engine/mod.ts";

/** Options of {@linkcode init}. */
export interface InitOptions {
  /**
   * The engine by name: `"xla"`, `"wasm"`, `"cpu"`, or another backend that tfjs has registered
   * (`"webgl"`, `"webgpu"`). By default the best there is: xla, else wasm, else cpu. `"cuda"`,
   * `"tpu"` or a path is short for xla with that plugin.
   */
  readonly engine?: string;
  /**
   * The plugin of the xla engine: `"cpu"`, `"cuda"`, `"tpu"`, or the path of another. By default
   * what the variable `MESHWORK_PJRT_PLUGIN` names, else that of a TPU or GPU if the machine and
   * its Python have one, else the CPU's.
   */
  readonly plugin?: string;
  /**
   * Number of devices of the xla engine. On a CPU they are virtual, and one by default; else they
   * are the first of the machine's, and all by default.
   */
  readonly devices?: number;
  /**
   * Options of the plugin's client, by its own names. For cuda `{memory_fraction: 0.5}`,
   * `{preallocate: false}` (memory as it is needed, where the plugin takes three quarters at the
   * start), `{visible_devices: [1]}`.
   */
  readonly clientOptions?: ClientOptions;
  /**
   * Whether to say on stderr why a better engine or plugin does not run; by default where the
   * choice was left to `init`.
   */
  readonly verbose?: boolean;
}

let current: EngineDescription | null = null;

/** The call that runs or ran last: each waits for the one before, as a process has one client. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Starts an engine and makes it TensorFlow.js's current backend. Called again, it switches engines;
 * tensors move when they are used. Calls at the same time are done one after another.
 *
 * @returns What runs: its name, whether `jit` compiles on it, and its devices.
 * @throws {EngineError} If the named engine or plugin is missing or cannot start, or if another
 *   plugin, number of devices or option is asked of a client that has started.
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
  const { devices } = options;
  if (devices !== undefined && !(Number.isInteger(devices) && devices >= 1)) {
    throw new RangeError(
      `Cannot start an engine as devices must be a whole number >= 1: ${devices}`,
    );
  }
  const named = withPlugin(options);
  const started = last.then(() =>
    named.engine === undefined ? best(named) : start(named.engine, named)
  );
  last = started.catch(() => {});
  return current = await started;
}

/**
 * The options with a plugin where one is meant by the engine's name, and with xla where a plugin
 * is.
 */
function withPlugin(options: InitOptions): InitOptions {
  const { engine, plugin, clientOptions } = options;
  if (engine === undefined) {
    return plugin === undefined && clientOptions === undefined
      ? options
      : { ...options, engine: "xla" };
  }
  const isPlugin = ["cuda", "tpu"].includes(engine) || /[/\\]|\.(so|dylib|dll)$/.test(engine);
  if (isPlugin && plugin === undefined) return { ...options, engine: "xla", plugin: engine };
  if (engine === "xla" || plugin === undefined && clientOptions === undefined) return options;
  throw new EngineError(
    `Cannot start the ${engine} engine with a plugin or options of one as only xla has plugins ` +
      `(use {engine: "xla"})`,
  );
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
      const own = engine === "xla" && devices !== undefined ? { devices } : {};
      return await start(engine, { ...own, verbose });
    } catch (error) {
      if (!(error instanceof EngineError) || error instanceof ClientRunsError) throw error;
      reasons.push(error.message);
      return null;
    }
  };
  const description = await attempt("xla") ?? await attempt("wasm") ?? await start("cpu", {});
  if (verbose && reasons.length > 0) console.warn(`${description.text}. ${reasons.join(". ")}`);
  return description;
}

async function start(engine: string, options: InitOptions): Promise<EngineDescription> {
  if (engine === "xla") return await startXla(options);
  const { devices: deviceCount } = options;
  if (deviceCount !== undefined && deviceCount !== 1) {
    throw new EngineError(
      `Cannot start the ${engine} engine as it has one device: asked for ${deviceCount} ` +
        `(use {engine: "xla"})`,
    );
  }
  if (engine === "wasm") await loadWasm();
  if (!tf.findBackendFactory(engine)) {
    const known = ["xla", ...backendNames(), "wasm"];
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

async function startXla(options: InitOptions): Promise<EngineDescription> {
  if (typeof Deno === "undefined") {
    throw new EngineError(
      "Cannot start the xla engine as it needs Deno (a browser has wasm or cpu)",
    );
  }
  // Loaded when asked for: nothing but this line knows of it, and a browser never gets it.
  const { install } = await import("../xla/internal.ts");
  const { plugin: choice, devices: deviceCount, clientOptions, verbose } = options;
  const { devices, plugin, notes } = await install({ plugin: choice, deviceCount, clientOptions });
  await tf.setBackend("xla");
  // The first op of a process runs code that never ran, which takes milliseconds: better here.
  tf.tidy(() => void tf.add([1, 2], 3).dataSync());
  const platforms = [...new Set(devices.map((device) => device.platform))].join(", ");
  const text = `Meshwork runs on xla: ${devices.length} ${platforms} device(s), plugin ${plugin}`;
  if (notes.length > 0 && (verbose ?? choice === undefined)) {
    console.warn(`${text}. ${notes.join(". ")}`);
  }
  return { engine: "xla", compiles: currentCompiler() !== null, devices, text };
}

/** How the wasm backend is made: its package says so once, when it is loaded. */
let makeWasm: ReturnType<typeof tf.findBackendFactory> | null = null;

/** The priority that its package gives the wasm backend. */
const WASM_PRIORITY = 2;

async function loadWasm(): Promise<void> {
  try {
    await import("@tensorflow/tfjs-backend-wasm");
  } catch (error) {
    throw new EngineError(
      `Cannot start the wasm engine as its package did not load: ${(error as Error).message}`,
    );
  }
  makeWasm = tf.findBackendFactory("wasm") ?? makeWasm;
  if (makeWasm && !tf.findBackendFactory("wasm")) {
    tf.registerBackend("wasm", makeWasm, WASM_PRIORITY);
  }
}

function hostDevices(engine: string): Device[] {
  return [{
    id: 0,
    platform: "cpu",
    platformVersion: `tfjs ${tf.version.tfjs}`,
    kind: engine,
    description: `tfjs ${engine}`,
    memory: () => null,
  }];
}

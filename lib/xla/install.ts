/**
 * Puts the engine in place: loads the plugin, registers the tfjs backend `xla`, its kernels and its
 * compiler. Called by `init`, never at import.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { ClientRunsError } from "../base/mod.ts";
import { type Device, EngineError, registerCompiler } from "../engine/mod.ts";
import { inputTensors } from "../tfjs/mod.ts";
import { XlaBackend } from "./backend.ts";
import { openCompileCache } from "./compile_cache.ts";
import { isHostOnly } from "./element_type.ts";
import type { HloNode } from "./hlo/mod.ts";
import { lendHostKernels, runOnHost } from "./host_kernels.ts";
import { type Inputs, type Kernel, KERNELS } from "./kernels/mod.ts";
import { keepMemory, type PjrtClient } from "./pjrt/mod.ts";
import {
  bestPlugins,
  type Candidates,
  currentPluginSource,
  locatePlugin,
  type StartOptions,
  startPlugin,
} from "./plugins.ts";
import { noteReads } from "./reads.ts";
import { Runtime } from "./runtime.ts";
import { createCompiler } from "./trace.ts";

/** The engine that `install` put in place. */
export interface InstalledEngine {
  readonly devices: readonly Device[];
  readonly plugin: string;
  readonly runtime: Runtime;
  /** Why a better plugin is not used, a sentence each; said once. */
  readonly notes: readonly string[];
}

/** Which plugin {@linkcode install} starts, and how. */
export interface InstallOptions extends StartOptions {
  /** A plugin's name or path; the best there is by default. */
  readonly plugin?: string | undefined;
}

let installed: InstalledEngine | null = null;

/** The options that the running client was started with. */
let startedWith = "{}";

/** The engine that was installed in this process, or null. */
export function installedEngine(): InstalledEngine | null {
  return installed;
}

/**
 * Installs the engine, once a process. Calls are made one after another: `init` sees to it.
 *
 * @throws {EngineError} If no plugin is found, it cannot be loaded or finds no device, or the
 *   client already runs with another plugin, other options or another number of devices.
 */
export async function install(options: InstallOptions = {}): Promise<InstalledEngine> {
  if (installed) {
    await checkUnchanged(installed, options);
    registerBackend(installed.runtime);
    return { ...installed, notes: [] };
  }
  const { plugin: choice, clientOptions = {} } = options;
  const source = currentPluginSource();
  const candidates = choice === undefined
    ? await bestPlugins(source)
    : { paths: [await locatePlugin(choice, source)], notes: [] };
  const { client, plugin, notes } = startBest(candidates, (path) => startPlugin(path, options));
  const kept = client.platform === "cpu" ? keepMemory() : null;
  const runtime = new Runtime(client, openCompileCache(plugin, client), kept);
  registerBackend(runtime);
  registerKernels();
  installed = { devices: devicesOf(client), plugin, runtime, notes };
  startedWith = JSON.stringify(clientOptions);
  return installed;
}

/** Starts the first candidate that starts; the last one's error is thrown. */
export function startBest<C>(
  { paths, notes }: Candidates,
  start: (path: string) => C,
): { client: C; plugin: string; notes: string[] } {
  const reasons = [...notes];
  for (const plugin of paths.slice(0, -1)) {
    try {
      return { client: start(plugin), plugin, notes: reasons };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      reasons.push(error.message);
    }
  }
  const plugin = paths.at(-1)!;
  return { client: start(plugin), plugin, notes: reasons };
}

function devicesOf(client: PjrtClient): Device[] {
  const { platform, platformVersion } = client;
  return client.devices.map(({ id, kind, description }, i) => ({
    ...{ id, platform, platformVersion, kind, description },
    memory: () => client.memoryOf(i),
  }));
}

/** A process has one client, so that tensors need no owner. */
async function checkUnchanged(
  { devices, plugin }: InstalledEngine,
  { deviceCount, plugin: choice, clientOptions }: InstallOptions,
): Promise<void> {
  if (choice !== undefined) {
    const other = await locatePlugin(choice, currentPluginSource());
    if (other !== plugin) {
      throw new ClientRunsError(
        `Cannot start another plugin as a process has one client: it runs ${plugin}, asked for ` +
          `${other} (call init for ${choice} first in a new process)`,
      );
    }
  }
  if (deviceCount !== undefined && deviceCount !== devices.length) {
    throw new ClientRunsError(
      `Cannot change the number of devices as the client has started: it has ` +
        `${devices.length}, asked for ${deviceCount} (call init({devices: ${deviceCount}}) ` +
        `first in a new process)`,
    );
  }
  if (clientOptions !== undefined && JSON.stringify(clientOptions) !== startedWith) {
    throw new ClientRunsError(
      `Cannot change the client's options as it has started: it has ${startedWith}, asked for ` +
        `${JSON.stringify(clientOptions)} (give them to the first init of a process)`,
    );
  }
}

/** tfjs may drop a backend and ask for another; all of them compute on the one client. */
function registerBackend(runtime: Runtime): void {
  if (tf.findBackendFactory("xla")) return;
  const create = (): XlaBackend => {
    const backend = new XlaBackend(runtime);
    registerCompiler("xla", createCompiler(backend));
    return backend;
  };
  tf.registerBackend("xla", create, 10);
}

function registerKernels(): void {
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    tf.registerKernel({
      kernelName,
      backendName: "xla",
      kernelFunc: ({ inputs, backend, attrs }) => {
        noteReads(inputTensors(inputs));
        return staysOnHost(inputs, attrs)
          ? runOnHost(kernelName, inputs, backend, attrs)
          : run(kernel, inputs, backend as XlaBackend, attrs);
      },
    });
  }
  // A clone shares its data id, so that tfjs can tell that it is the same data.
  tf.registerKernel({
    kernelName: "Identity",
    backendName: "xla",
    kernelFunc: ({ inputs, backend }) => {
      noteReads([inputs.x as tf.TensorInfo]);
      const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
      (backend as XlaBackend).incRef(dataId);
      return { dataId, shape, dtype };
    },
  });
  lendHostKernels();
}

/** Whether a kernel takes or gives values that devices have no type for. */
function staysOnHost(inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap | undefined): boolean {
  const { dtype } = (attrs ?? {}) as { dtype?: string };
  return isHostOnly(dtype ?? "") || inputTensors(inputs).some((info) => isHostOnly(info.dtype));
}

function run(
  kernel: Kernel,
  tensors: tf.NamedTensorInfoMap,
  backend: XlaBackend,
  attrs: unknown,
): tf.TensorInfo | tf.TensorInfo[] {
  const inputs: Record<string, HloNode> = {};
  for (const [name, info] of Object.entries(tensors)) {
    if (info) inputs[name] = backend.node(info as tf.TensorInfo);
  }
  const results = kernel(inputs as Inputs, attrs ?? {});
  return Array.isArray(results) ? results.map((r) => backend.show(r)) : backend.show(results);
}

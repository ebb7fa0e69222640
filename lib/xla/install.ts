/**
 * Puts the engine in place: loads the plugin, registers the tfjs backend `xla`, its kernels and its
 * compiler. Called by `init`, never at import.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Device, EngineError, registerCompiler } from "../engine/mod.ts";
import { inputTensors } from "../tfjs/mod.ts";
import { isHostOnly, XlaBackend } from "./backend.ts";
import { openCompileCache } from "./compile_cache.ts";
import type { HloNode } from "./hlo/mod.ts";
import { lendHostKernels, runOnHost } from "./host_kernels.ts";
import { type Inputs, type Kernel, KERNELS } from "./kernels/mod.ts";
import { loadPlugin } from "./pjrt/mod.ts";
import { findPlugin } from "./plugin_path.ts";
import { noteReads } from "./reads.ts";
import { Runtime } from "./runtime.ts";
import { createCompiler } from "./trace.ts";

/** What `install` put in place. */
export interface InstalledEngine {
  readonly devices: readonly Device[];
  readonly plugin: string;
  readonly runtime: Runtime;
}

let installed: InstalledEngine | null = null;

/** The engine that was installed in this process, or null. */
export function installedEngine(): InstalledEngine | null {
  return installed;
}

/**
 * Installs the engine, once a process.
 *
 * @param deviceCount Number of devices; virtual ones on a CPU. Fixed once the client has started.
 * @throws {EngineError} If no plugin is found, it cannot be loaded, or the client already runs with
 *   another number of devices.
 */
export async function install(deviceCount?: number): Promise<InstalledEngine> {
  if (installed) {
    registerBackend(installed.runtime);
    if (deviceCount === undefined || deviceCount === installed.devices.length) return installed;
    throw new EngineError(
      `Cannot change the number of devices as the client has started: it has ` +
        `${installed.devices.length}, asked for ${deviceCount} (call init({devices: ${deviceCount}}) ` +
        `first in a new process)`,
    );
  }
  const plugin = await findPlugin();
  if (!plugin) {
    throw new EngineError(
      "Cannot start the xla engine as its plugin is not installed " +
        "(run `deno task setup`, or set MESHWORK_PJRT_PLUGIN to a PJRT plugin)",
    );
  }
  // Plugins of real devices ignore the number: they have what the machine has.
  const client = loadPlugin(plugin).createClient({ deviceCount: deviceCount ?? 1 });
  const runtime = new Runtime(client, openCompileCache(plugin, client));
  registerBackend(runtime);
  registerKernels();
  const devices = client.devices.map(({ id, description }) => ({
    id,
    platform: client.platform,
    description,
  }));
  installed = { devices, plugin, runtime };
  return installed;
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

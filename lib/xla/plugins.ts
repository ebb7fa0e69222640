/**
 * The plugins that are known by name: where they lie, how to get them, and what to look at when
 * they find no device. A plugin of any other kind is used by its path.
 *
 * @module
 */
import { currentPathSource, EngineError, type PathSource } from "../base/mod.ts";
import type { ClientOptions } from "../engine/mod.ts";
import { loadPlugin, type PjrtClient } from "./pjrt/mod.ts";
import { chosenPlugin, installedPlugin, PLUGIN_REMEDY, PLUGIN_VARIABLE } from "./plugin_path.ts";
import { PYTHON_VARIABLE, pythonPackageFolders } from "./python_packages.ts";

/** A plugin that comes in Python packages. */
interface PackagedPlugin {
  /** Its file below a folder of packages; the one to prefer first. */
  readonly files: readonly string[];
  /** A variable that others use for its path. */
  readonly variable?: string;
  /** How to get it. */
  readonly install: string;
  /** The kind of device that it computes on. */
  readonly device: string;
  /** Files that the system has where there is such a device. */
  readonly deviceFiles: readonly string[];
  /** Its report where it finds none, and where to look then. */
  readonly noDevice: RegExp;
  readonly check: string;
}

const PACKAGED: Readonly<Record<string, PackagedPlugin>> = {
  cuda: {
    files: [
      "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
      "jax_plugins/xla_cuda12/xla_cuda_plugin.so",
    ],
    install: '`pip install "jax-cuda13-plugin[with-cuda]"`, or cuda12 for drivers before 580: ' +
      "it brings jax-cuda13-pjrt and NVIDIA's libraries",
    device: "NVIDIA GPU",
    deviceFiles: ["/dev/nvidiactl", "/dev/dxg"],
    noDevice: /No visible GPU devices/,
    check:
      "see that `nvidia-smi` lists one, that CUDA_VISIBLE_DEVICES does not hide it, and in a " +
      "container that it was started with GPUs",
  },
  tpu: {
    files: ["libtpu/libtpu.so"],
    variable: "TPU_LIBRARY_PATH",
    install: "`pip install libtpu`",
    device: "TPU",
    deviceFiles: ["/dev/accel0", "/dev/vfio/0"],
    noDevice: /No jellyfish device found|No TPU/,
    check: "see that this is a TPU VM, and that no other process uses its TPU",
  },
};

/** The machine that is searched, so that tests can stand in for one. */
export interface PluginSource extends PathSource {
  /** Whether a file is there and may be seen. */
  exists(path: string): boolean;
  /** The folders of Python's packages. */
  packageFolders(): Promise<readonly string[]>;
}

/** The running machine. */
export function currentPluginSource(): PluginSource {
  const source = currentPathSource();
  return {
    ...source,
    exists(path) {
      try {
        Deno.statSync(path);
        return true;
      } catch {
        return false;
      }
    },
    packageFolders: () => pythonPackageFolders(source.env(PYTHON_VARIABLE)),
  };
}

/** Whether a plugin is known by this name. */
function isPluginName(name: string): boolean {
  return name === "cpu" || Object.hasOwn(PACKAGED, name);
}

/**
 * The file of a plugin that is named by its name or its path.
 *
 * @throws {EngineError} If a named one is not installed: what to install.
 */
export async function locatePlugin(choice: string, source: PluginSource): Promise<string> {
  if (!isPluginName(choice)) return choice;
  const path = choice === "cpu"
    ? await installedPlugin(source)
    : await findPackaged(choice, source);
  if (path !== null) return path;
  throw notInstalled(choice);
}

async function findPackaged(name: string, source: PluginSource): Promise<string | null> {
  const { files, variable } = PACKAGED[name]!;
  const chosen = variable && source.env(variable);
  if (chosen) return chosen;
  const folders = await source.packageFolders();
  const paths = files.flatMap((file) => folders.map((folder) => `${folder}/${file}`));
  return paths.find((path) => source.exists(path)) ?? null;
}

function notInstalled(name: string): EngineError {
  if (name === "cpu") {
    return new EngineError(
      `Cannot start the xla engine as its plugin is not installed (${PLUGIN_REMEDY})`,
    );
  }
  const { files, install } = PACKAGED[name]!;
  return new EngineError(
    `Cannot start the ${name} plugin as it is not installed: Python's packages hold no ` +
      `${
        files.join(" and no ")
      } (${install}; if another Python has it, set ${PYTHON_VARIABLE} to ` +
      `that Python, or ${PLUGIN_VARIABLE} to the plugin's file)`,
  );
}

/** Plugins to try in turn, and why better ones are not among them. */
export interface Candidates {
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/**
 * The best plugins there are: the chosen one alone; else those of a TPU or GPU that this machine
 * has, then the CPU's.
 *
 * @throws {EngineError} If there is none.
 */
export async function bestPlugins(
  source: PluginSource = currentPluginSource(),
): Promise<Candidates> {
  const chosen = chosenPlugin(source);
  if (chosen !== null) return { paths: [await locatePlugin(chosen, source)], notes: [] };
  const paths: string[] = [];
  const notes: string[] = [];
  for (const name of ["tpu", "cuda"]) {
    const { deviceFiles, device, install } = PACKAGED[name]!;
    if (!deviceFiles.some((file) => source.exists(file))) continue;
    try {
      const path = await findPackaged(name, source);
      if (path !== null) paths.push(path);
      else notes.push(`This machine has a ${device}: to use it, install its plugin (${install})`);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      notes.push(error.message);
    }
  }
  const cpu = await installedPlugin(source);
  if (cpu !== null) paths.push(cpu);
  if (paths.length === 0) throw notInstalled("cpu");
  return { paths, notes };
}

/** Options of a client at its start. */
export interface StartOptions {
  readonly deviceCount?: number | undefined;
  readonly clientOptions?: ClientOptions | undefined;
}

/**
 * Loads a plugin and starts its client.
 *
 * @throws {EngineError} If it cannot be loaded or finds no device: what to look at.
 */
export function startPlugin(
  path: string,
  { deviceCount, clientOptions = {} }: StartOptions,
  source: PluginSource = currentPluginSource(),
): PjrtClient {
  prepareFor(path, source);
  try {
    return loadPlugin(path).createClient({
      ...(deviceCount === undefined ? {} : { deviceCount }),
      options: clientOptions,
    });
  } catch (error) {
    throw withoutDevice(path, error as Error) ?? error;
  }
}

/** The packaged plugin that a path is one of. */
function packagedAt(path: string): [string, PackagedPlugin] | undefined {
  const name = path.split(/[/\\]/).at(-1)!;
  return Object.entries(PACKAGED).find(([, { files }]) =>
    files.some((file) => file.endsWith(`/${name}`))
  );
}

/** Outside Google's cloud libtpu would ask its servers what it is, for minutes. */
function prepareFor(path: string, { env, exists }: PluginSource): void {
  const [name, plugin] = packagedAt(path) ?? [];
  if (name !== "tpu" || plugin!.deviceFiles.some(exists)) return;
  if (env("TPU_SKIP_MDS_QUERY") === undefined) Deno.env.set("TPU_SKIP_MDS_QUERY", "1");
}

/** The error of a plugin that found no device, if it is that. */
export function withoutDevice(path: string, error: Error): EngineError | null {
  const [name, plugin] = packagedAt(path) ?? [];
  const found = plugin?.noDevice.exec(error.message)?.[0];
  if (found === undefined) return null;
  return new EngineError(
    `Cannot start the ${name} plugin as it found no ${plugin!.device}: ${path} reports ` +
      `"${found}" (${plugin!.check}; or use the CPU: init({engine: "xla", plugin: "cpu"}))`,
    { cause: error },
  );
}

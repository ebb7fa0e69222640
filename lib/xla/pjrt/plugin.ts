/** Loads PJRT plugins: the only place of this library that opens one. @module */
import { EngineError } from "../../base/mod.ts";
import type { ClientOptions } from "../../engine/mod.ts";
import { PLUGIN_REMEDY } from "../plugin_path.ts";
import { API_VERSION } from "./_generated/pjrt_abi.ts";
import { PjrtApi } from "./api.ts";
import { PjrtClient } from "./client.ts";
import { openCompanions } from "./companions.ts";
import { PjrtError } from "./errors.ts";
import { encodeNamedValues } from "./options.ts";
import { pin } from "./pin.ts";
import { Struct } from "./struct.ts";

/** The oldest minor version whose structs this library was compared with. */
const OLDEST_MINOR = 70;

/**
 * XLA and libtpu read these once, when they are loaded. Errors come back as values; log lines go.
 */
const QUIET = {
  TF_CPP_MIN_LOG_LEVEL: "3",
  TPU_MIN_LOG_LEVEL: "3",
  TPU_STDERR_LOG_LEVEL: "3",
};

/** Refuses a plugin whose API is too far from the generated table. */
export function checkVersion(path: string, [major, minor]: readonly [number, number]): void {
  if (major === API_VERSION[0] && minor >= OLDEST_MINOR) return;
  throw new EngineError(
    `Cannot use the XLA plugin as its PJRT version is too far off: ${path} has ${major}.${minor}, ` +
      `this library needs ${API_VERSION[0]}.${OLDEST_MINOR} or a later ${
        API_VERSION[0]
      }.x (${PLUGIN_REMEDY})`,
  );
}

function openLibrary(path: string): Deno.PointerObject {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new EngineError(`Cannot load the XLA plugin ${path} as ${reason} (${PLUGIN_REMEDY})`, {
      cause,
    });
  };
  let table: Deno.PointerValue;
  try {
    if (!Deno.statSync(path).isFile) return refuse("it is not a file");
    openCompanions(path);
    const symbols = { GetPjrtApi: { parameters: [], result: "pointer" } } as const;
    table = Deno.dlopen(path, symbols).symbols.GetPjrtApi();
    pin(path);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (error instanceof Deno.errors.NotFound) return refuse("there is no such file", error);
    if (error instanceof Deno.errors.NotCapable) return refuse("--allow-ffi was not given", error);
    return refuse(`it is not a PJRT plugin: ${(error as Error).message}`, error);
  }
  return table ?? refuse("its function GetPjrtApi returned nothing");
}

function silenceLogs(): void {
  try {
    for (const [name, value] of Object.entries(QUIET)) {
      if (Deno.env.get(name) === undefined) Deno.env.set(name, value);
    }
  } catch {
    // Without --allow-env the plugin says what it likes; that is no reason to stop.
  }
}

/** A loaded plugin. */
export class PjrtPlugin {
  readonly path: string;
  readonly apiVersion: [major: number, minor: number];
  readonly #api: PjrtApi;

  /** Loads a plugin; {@linkcode loadPlugin} does so once. */
  constructor(path: string) {
    silenceLogs();
    this.path = path;
    this.#api = new PjrtApi(openLibrary(path));
    this.apiVersion = this.#api.version;
    checkVersion(path, this.apiVersion);
    this.#api.call("PJRT_Plugin_Initialize", new Struct("PJRT_Plugin_Initialize_Args"));
  }

  /**
   * Starts a client: of a CPU plugin with so many virtual devices (by default one), of another with
   * so many of the machine's (by default all).
   *
   * @param options Further options, by the plugin's own names.
   * @throws {RangeError} If `deviceCount` is not a whole number of at least 1.
   * @throws {EngineError} If the machine has not so many devices.
   * @throws {PjrtError} If the plugin cannot start, e.g. for want of its hardware.
   */
  createClient(
    { deviceCount, options = {} }: { deviceCount?: number; options?: ClientOptions } = {},
  ): PjrtClient {
    if (deviceCount !== undefined && (!Number.isInteger(deviceCount) || deviceCount < 1)) {
      throw new RangeError(
        `Cannot start a client as deviceCount must be a whole number >= 1: ${deviceCount}`,
      );
    }
    const client = this.#createCounted(deviceCount, options);
    const found = client.devices.length;
    if (deviceCount === undefined || found === deviceCount) return client;
    client.close();
    throw new EngineError(
      `Cannot start a client of ${deviceCount} devices as the plugin ${this.path} gives ` +
        `${found} (ask for ${found}, or for none)`,
    );
  }

  /** Tries the ways to ask for a number of devices, as each plugin refuses those of the others. */
  #createCounted(deviceCount: number | undefined, options: ClientOptions): PjrtClient {
    for (const [name, count] of countOptions(deviceCount)) {
      try {
        return this.#createClient({ [name]: count, ...options });
      } catch (error) {
        if (!(error instanceof PjrtError && error.message.endsWith(`: ${name}`))) throw error;
      }
    }
    return this.#createClient(options);
  }

  #createClient(options: ClientOptions): PjrtClient {
    const args = new Struct("PJRT_Client_Create_Args", {
      create_options: encodeNamedValues(options),
      num_options: Object.keys(options).length,
    });
    this.#api.call("PJRT_Client_Create", args);
    return new PjrtClient(this.#api, args.address("client"));
  }
}

/** How plugins are asked for a number of devices: those of CPUs, then those of GPUs. */
function countOptions(count: number | undefined): [name: string, value: number | number[]][] {
  if (count === undefined) return [["cpu_device_count", 1]];
  return [["cpu_device_count", count], ["visible_devices", [...Array(count).keys()]]];
}

const loaded = new Map<string, PjrtPlugin>();

/**
 * Loads the plugin at a path; once per path and isolate.
 *
 * @throws {EngineError} If the file is missing, is no plugin, or has an API too far off.
 */
export function loadPlugin(path: string): PjrtPlugin {
  let plugin = loaded.get(path);
  if (!plugin) {
    plugin = new PjrtPlugin(path);
    loaded.set(path, plugin);
  }
  return plugin;
}

/** Loads PJRT plugins: the only place of this library that opens one. @module */
import { EngineError } from "../../base/mod.ts";
import { PLUGIN_REMEDY } from "../plugin_path.ts";
import { API_VERSION } from "./_generated/pjrt_abi.ts";
import { PjrtApi } from "./api.ts";
import { PjrtClient } from "./client.ts";
import { PjrtError } from "./errors.ts";
import { encodeNamedValues } from "./options.ts";
import { pin } from "./pin.ts";
import { Struct } from "./struct.ts";

/** The oldest minor version whose structs this library was compared with. */
const OLDEST_MINOR = 70;

/** XLA reads this once, when it is loaded. Errors come back as values; their log lines go. */
const QUIET = { TF_CPP_MIN_LOG_LEVEL: "3" };

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
  let reason: string;
  let cause: unknown;
  try {
    if (!Deno.statSync(path).isFile) throw new Error("it is not a file");
    const symbols = { GetPjrtApi: { parameters: [], result: "pointer" } } as const;
    const table = Deno.dlopen(path, symbols).symbols.GetPjrtApi();
    pin(path);
    if (table !== null) return table;
    reason = "its function GetPjrtApi returned nothing";
  } catch (error) {
    cause = error;
    if (error instanceof Deno.errors.NotFound) reason = "there is no such file";
    else if (error instanceof Deno.errors.NotCapable) reason = "--allow-ffi was not given";
    else reason = `it is not a PJRT plugin: ${(error as Error).message}`;
  }
  throw new EngineError(`Cannot load the XLA plugin ${path} as ${reason} (${PLUGIN_REMEDY})`, {
    cause,
  });
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
   * Starts a client. `deviceCount` asks a CPU plugin for that many virtual devices; other plugins
   * have the devices of the machine.
   *
   * @throws {RangeError} If `deviceCount` is not a whole number of at least 1.
   * @throws {PjrtError} If the plugin cannot start, e.g. for want of its hardware.
   */
  createClient({ deviceCount }: { deviceCount?: number } = {}): PjrtClient {
    if (deviceCount === undefined) return this.#createClient({});
    if (!Number.isInteger(deviceCount) || deviceCount < 1) {
      throw new RangeError(
        `Cannot start a client as deviceCount must be a whole number >= 1: ${deviceCount}`,
      );
    }
    try {
      return this.#createClient({ cpu_device_count: deviceCount });
    } catch (error) {
      // GPU and TPU plugins refuse an option that they do not know.
      if (!(error instanceof PjrtError) || !error.message.includes("cpu_device_count")) throw error;
      return this.#createClient({});
    }
  }

  #createClient(options: Record<string, number>): PjrtClient {
    const args = new Struct("PJRT_Client_Create_Args", {
      create_options: encodeNamedValues(options),
      num_options: Object.keys(options).length,
    });
    this.#api.call("PJRT_Client_Create", args);
    return new PjrtClient(this.#api, args.address("client"));
  }
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

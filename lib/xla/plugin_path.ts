/** Where the XLA plugin lies: pure paths, so that asking for them loads nothing. @module */

import { cacheFolder, currentPathSource, notPermitted, type PathSource } from "../base/mod.ts";

/** The pinned release of the CPU plugin (tools/requirements/engine.txt names the same). */
export const ENGINE_VERSION = "0.11.2";

/** The name of the plugin's file. */
export const PLUGIN_FILE = "pjrt_c_api_cpu_plugin.so";

/** The variable that names another plugin: `cpu`, `cuda`, `tpu`, or the path of one's own. */
export const PLUGIN_VARIABLE = "MESHWORK_PJRT_PLUGIN";

/** The remedy where there is no plugin, as errors say it. */
export const PLUGIN_REMEDY =
  "run `deno task setup`, or `deno run -A jsr:@meshwork/meshwork/setup`" +
  ` outside a checkout, or point ${PLUGIN_VARIABLE} at a PJRT plugin`;

/** The folder that setup installs the engine into, or null if the user has no cache folder. */
export function engineFolder(source: PathSource): string | null {
  const cache = cacheFolder(source);
  return cache === null ? null : `${cache}/engine/${ENGINE_VERSION}`;
}

/** The plugin that the user chose, by name or path, or null. Loading it says what is wrong. */
export function chosenPlugin(source: PathSource): string | null {
  return source.env(PLUGIN_VARIABLE) || null;
}

/**
 * The CPU plugin that setup installed, or null.
 *
 * @throws {EngineError} If Deno was not permitted to look for it.
 */
export async function installedPlugin(source: PathSource): Promise<string | null> {
  const folder = engineFolder(source);
  if (folder === null) return null;
  const path = `${folder}/${PLUGIN_FILE}`;
  try {
    return (await Deno.stat(path)).isFile ? path : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw notPermitted(error);
    // A file that cannot be seen is no plugin.
    return null;
  }
}

/**
 * The plugin that tests and tools use: the chosen one, by its path, else the installed one, else
 * null.
 *
 * @throws {EngineError} If Deno was not permitted to look for it.
 */
export async function findPlugin(
  source: PathSource = currentPathSource(),
): Promise<string | null> {
  const chosen = chosenPlugin(source);
  return chosen === null || chosen === "cpu" ? await installedPlugin(source) : chosen;
}

/**
 * Installs the XLA engine: `deno task setup`, or
 * `deno run -A jsr:@meshwork/meshwork/setup` outside a checkout.
 *
 * The plugin comes from a Python wheel that `python3 -m pip` fetches with its hash checked, and
 * lies in the user's cache folder. Nothing is installed into Python. With `--if-possible` the exit
 * code is 0 even where the engine cannot be had; one line then says why.
 *
 * @module
 */
import { currentPathSource, EngineError } from "../lib/base/mod.ts";
import { loadPlugin } from "../lib/xla/pjrt/mod.ts";
import { engineFolder, findPlugin, PLUGIN_FILE, PLUGIN_VARIABLE } from "../lib/xla/plugin_path.ts";

/** Options of {@linkcode installEngine}. */
export interface InstallOptions {
  /** Where the pinned requirement stands. */
  readonly requirements?: URL;
  /** Throws if the file is not a plugin that this machine can load. */
  readonly verify?: (path: string) => void;
  /** Takes the line that says what is being done. */
  readonly log?: (line: string) => void;
  /** The machine to install for; this one by default. */
  readonly build?: Readonly<Pick<typeof Deno.build, "os" | "arch">>;
}

const MEANWHILE = "meanwhile the same code runs on the built-in wasm or cpu backend";

const REQUIREMENTS = new URL("./requirements/engine.txt", import.meta.url);

/** The folders that installers work in, beside the plugin. */
const WORK_PREFIX = ".install-";

/** After so long the folder of an installer that was killed is taken away. */
const ABANDONED_MS = 60 * 60 * 1000;

/**
 * Installs the engine unless it is there, and returns the plugin's path. Several processes may do
 * so at once: each works in a folder of its own, and the file appears whole or not at all.
 *
 * @throws {EngineError} If there is no build for this machine, Python or pip is missing, pip cannot
 * fetch the wheel, its hash is wrong, the disk is full, or the plugin does not load.
 */
export async function installEngine(options: InstallOptions = {}): Promise<string> {
  const found = await findPlugin();
  if (found !== null) return found;
  const folder = folderFor(options.build ?? Deno.build);
  await checkPython();
  (options.log ?? console.error)(
    `Installing the XLA engine into ${folder} (a download of 62 MB, once)`,
  );
  try {
    return await installInto(folder, options);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw cannot(
      `${folder} cannot be written: ${(error as Error).message}`,
      "free 300 MB there, or point XDG_CACHE_HOME at another folder",
    );
  }
}

async function installInto(folder: string, options: InstallOptions): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  const work = await Deno.makeTempDir({ dir: folder, prefix: WORK_PREFIX });
  try {
    const wheel = await download(options.requirements ?? REQUIREMENTS, work);
    const plugin = await unpack(wheel, work);
    verify(plugin, options.verify);
    await syncFile(plugin);
    const path = `${folder}/${PLUGIN_FILE}`;
    await Deno.rename(plugin, path);
    return path;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

function verify(plugin: string, load: (path: string) => void = loadPlugin): void {
  try {
    load(plugin);
  } catch (error) {
    const { cause, message } = error as Error;
    throw cannot(
      `its plugin does not load on this machine: ${
        cause instanceof Error ? cause.message : message
      }`,
      `point ${PLUGIN_VARIABLE} at a PJRT plugin of your own`,
    );
  }
}

function cannot(reason: string, remedy: string): EngineError {
  return new EngineError(`Cannot install the XLA engine as ${reason} (${remedy}; ${MEANWHILE})`);
}

/** The folder to install into; throws where there is no build or no folder. */
function folderFor({ os, arch }: Pick<typeof Deno.build, "os" | "arch">): string {
  if (os !== "linux" || arch !== "x86_64") {
    throw cannot(
      `there is no packaged build for ${os} ${arch}`,
      `point ${PLUGIN_VARIABLE} at a PJRT plugin of your own`,
    );
  }
  const folder = engineFolder(currentPathSource());
  if (folder === null) {
    throw cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  }
  return folder;
}

interface PythonResult {
  readonly success: boolean;
  readonly stderr: string;
}

async function python(...args: string[]): Promise<PythonResult> {
  const command = new Deno.Command("python3", { args, stdout: "null", stderr: "piped" });
  try {
    const { success, stderr } = await command.output();
    return { success, stderr: new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) {
      throw cannot("python3 is missing", "install Python 3 with pip, then run setup again");
    }
    throw error;
  }
}

async function checkPython(): Promise<void> {
  const { success } = await python("-m", "pip", "--version");
  if (!success) {
    throw cannot("python3 has no pip", "install pip for python3, then run setup again");
  }
}

/** Fetches the wheel into the folder and returns its path. */
async function download(requirements: URL, folder: string): Promise<string> {
  const pinned = `${folder}/requirements.txt`;
  await Deno.writeTextFile(pinned, await readRequirements(requirements));
  const { success, stderr } = await python(
    ...["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"],
    ...["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", pinned, "-d", folder],
  );
  if (!success) throw downloadError(stderr);
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(".whl")) return `${folder}/${name}`;
  }
  throw cannot("pip fetched no wheel", "upgrade pip, then run setup again");
}

/** The text at a URL: a file's in a checkout, a remote one's where the package was imported. */
async function readRequirements(url: URL): Promise<string> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.text();
    await response.body?.cancel();
  } catch {
    // Said below.
  }
  throw cannot(`the requirements file ${url} cannot be read`, "check the network");
}

function downloadError(stderr: string): EngineError {
  if (stderr.includes("DO NOT MATCH THE HASHES")) {
    return cannot(
      "the downloaded wheel does not have the pinned hash, so it was thrown away",
      "run setup again; if it stays so, the package index serves another file",
    );
  }
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const reason = lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "no reason";
  return cannot(
    `pip could not fetch it: ${reason}`,
    "check the network, and that pip is 20.3 or later, then run setup again",
  );
}

/** Takes the plugin out of the wheel and returns its path. */
async function unpack(wheel: string, folder: string): Promise<string> {
  const { success, stderr } = await python("-m", "zipfile", "-e", wheel, folder);
  if (!success) {
    throw cannot(
      `the wheel did not unpack into ${folder}: ${stderr.trim().split("\n").at(-1)}`,
      "free 300 MB there, then run setup again",
    );
  }
  const found = await findFile(folder, PLUGIN_FILE);
  if (found === null) {
    throw cannot(`the wheel holds no ${PLUGIN_FILE}`, `point ${PLUGIN_VARIABLE} at a plugin`);
  }
  return found;
}

async function findFile(folder: string, file: string): Promise<string | null> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (name === file) return path;
    const found = isDirectory ? await findFile(path, file) : null;
    if (found !== null) return found;
  }
  return null;
}

/** Waits until the file is on the disk, so that its new name never shows a part of it. */
async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  await file.sync();
}

async function removeAbandoned(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.startsWith(WORK_PREFIX)) continue;
    const path = `${folder}/${name}`;
    try {
      const { mtime } = await Deno.stat(path);
      if (mtime === null || Date.now() - mtime.getTime() < ABANDONED_MS) continue;
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      // Another installer was quicker.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Runs the command line; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== "--if-possible");
  if (unknown !== undefined) {
    console.error(`Cannot run setup as it knows no ${unknown} (usage: setup [--if-possible])`);
    return 2;
  }
  try {
    const plugin = await installEngine();
    // A task that needs the engine says nothing where all is well; a person who asks wants to know.
    if (!args.includes("--if-possible")) console.error(`The XLA engine is ready: ${plugin}`);
    return 0;
  } catch (error) {
    console.error(error instanceof EngineError ? error.message : error);
    return args.includes("--if-possible") ? 0 : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));

/**
 * One file of all specs in the tfjs-core package, which Deno can import.
 *
 * @module
 */
import { build, type Plugin, stop } from "esbuild";
import { createRequire, isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";

/** What tells a spec of a backend from others: part of its full name. */
export const ENVIRONMENT = "on a backend";

/** What the bundle finds on `globalThis`: the backend under test, and where it says where it is. */
export interface BundleGlobals {
  conformanceBackend: string;
  /** The file whose specs are being defined, such as `ops/abs_test.js`. */
  conformanceFile: string;
}

/** The folder `dist` of the tfjs-core package that this project pins. */
function distFolder(): URL {
  return new URL("./", import.meta.resolve("@tensorflow/tfjs-core"));
}

async function* specFiles(folder: URL, prefix = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* specFiles(new URL(`${name}/`, folder), `${prefix}${name}/`);
    else if (name.endsWith("_test.js")) yield prefix + name;
  }
}

/**
 * Finds packages as Deno does; what Node has built in, and what is not installed, stays outside.
 */
const packages: Plugin = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
      if (kind === "entry-point") return null;
      const bare = path.replace(/^node:/, "");
      if (isBuiltin(bare)) return { path: `node:${bare}`, external: true };
      try {
        return { path: createRequire(importer).resolve(path) };
      } catch {
        return { path, external: true };
      }
    });
  },
};

/** Lets each file of specs say its name before it defines them. */
function naming(dist: URL): Plugin {
  return {
    name: "naming",
    setup(build) {
      build.onLoad({ filter: /_test\.js$/ }, async ({ path }) => {
        const file = path.slice(fileURLToPath(dist).length).replaceAll("\\", "/");
        const name = `globalThis.conformanceFile = ${JSON.stringify(file)};\n`;
        return { contents: name + await Deno.readTextFile(path) };
      });
    },
  };
}

/** Writes the bundle into a folder and returns its path. */
export async function bundleSpecs(folder: string): Promise<string> {
  const dist = distFolder();
  const path = (file: string): string => JSON.stringify(fileURLToPath(new URL(file, dist)));
  const files: string[] = [];
  for await (const file of specFiles(dist)) files.push(file);
  files.sort();
  // The environment must be set before any file defines its specs, so it is a file of its own.
  const environment = `${folder}/environment.js`;
  await Deno.writeTextFile(
    environment,
    `import { setTestEnvs } from ${path("jasmine_util.js")};
    setTestEnvs([{
      name: ${JSON.stringify(ENVIRONMENT)},
      backendName: globalThis.conformanceBackend,
      isDataSync: true,
    }]);`,
  );
  const entry = `${folder}/entry.js`;
  const imports = [JSON.stringify(environment), ...files.map(path)];
  await Deno.writeTextFile(entry, imports.map((file) => `import ${file};`).join("\n"));
  const outfile = `${folder}/specs.js`;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    // The package says that its files have no side effects; those of specs are all that counts.
    ignoreAnnotations: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    banner: {
      js: `import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);`,
    },
    plugins: [packages, naming(dist)],
  });
  await stop();
  return outfile;
}

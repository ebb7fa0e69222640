/**
 * The order of the folders, and what goes against it.
 *
 * @module
 */
import type { Import } from "./source.ts";

/** The layers in order: each may import itself and what stands before it. */
const LAYERS = [
  "lib/base",
  "lib/tree",
  "lib/tfjs",
  "lib/engine",
  "lib/xla",
  "lib/init",
  "lib/transform",
  "lib/tensor",
  "lib/random",
  "lib/segment",
  "lib/graph",
  "lib/nn",
  "lib/models",
  "lib/train",
  "lib/sharding",
  "lib/spatial",
  "lib/physics",
  "lib/plot",
  "lib/tables",
  "datasets",
];

/** The layer that a file belongs to. */
export function layerOf(path: string): string | undefined {
  return LAYERS.find((layer) => path.startsWith(`${layer}/`));
}

function isOwnFile({ specifier }: Import): boolean {
  return specifier.endsWith(".ts") || specifier.endsWith(".json") ||
    specifier.startsWith("@meshwork/");
}

/** The imports of modules from layers that come after their own, or from outside of all layers. */
export function againstTheOrder(imports: readonly Import[]): Import[] {
  return imports.filter((each) => {
    const own = layerOf(each.path);
    if (!own || !isOwnFile(each)) return false;
    const other = layerOf(each.specifier);
    return !other || LAYERS.indexOf(other) > LAYERS.indexOf(own);
  });
}

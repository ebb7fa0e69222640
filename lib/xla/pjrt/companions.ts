/**
 * NVIDIA's libraries that pip installs beside a CUDA plugin but where its loader does not look.
 *
 * The plugin names the folders of most of them itself. Those below are asked for by cuDNN, or by
 * name alone; once they are open in the process, whoever asks for them gets them.
 *
 * @module
 */
import { pin } from "./pin.ts";

/** Below the folder of Python packages that holds the plugin as `jax_plugins/xla_cuda12/…`. */
const COMPANIONS = [
  "nvidia/cuda_nvrtc/lib/libnvrtc.so.12",
  "nvidia/nvjitlink/lib/libnvJitLink.so.12",
  "nvidia/cusolver/lib/libcusolver.so.11",
];

/** Opens those companions of a plugin that there are, for good; returns their paths. */
export function openCompanions(plugin: string): string[] {
  const packages = plugin.match(/^(.*)\/jax_plugins\/xla_cuda12\//)?.[1];
  if (packages === undefined) return [];
  return COMPANIONS.map((file) => `${packages}/${file}`).filter((path) => {
    try {
      Deno.dlopen(path, {});
      pin(path);
      return true;
    } catch {
      // Not installed by pip: the system has it, or what needs it will say so.
      return false;
    }
  });
}

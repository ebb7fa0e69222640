import { assertEquals } from "@std/assert";
import { openCompanions } from "../../../../lib/xla/pjrt/companions.ts";
import { skipUnless } from "../../../support/skip.ts";

const LIBM = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6"].find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

Deno.test({
  name: "openCompanions() opens what pip installed beside a CUDA 12 plugin",
  ...skipUnless(LIBM !== undefined, "libm.so.6 was not found"),
  async fn() {
    const packages = await Deno.makeTempDir();
    const library = `${packages}/nvidia/cuda_nvrtc/lib/libnvrtc.so.12`;
    await Deno.mkdir(`${packages}/nvidia/cuda_nvrtc/lib`, { recursive: true });
    await Deno.copyFile(LIBM!, library);
    const plugin = (kind: string) => `${packages}/jax_plugins/${kind}/xla_cuda_plugin.so`;
    assertEquals(openCompanions(plugin("xla_cuda12")), [library]);
    assertEquals(openCompanions(plugin("xla_cuda13")), []);
    await Deno.remove(packages, { recursive: true });
  },
});

Deno.test("openCompanions() opens nothing for other plugins", () => {
  assertEquals(openCompanions("/a/libtpu/libtpu.so"), []);
  assertEquals(openCompanions("/a/jax_plugins/xla_cuda12/xla_cuda_plugin.so"), []);
});

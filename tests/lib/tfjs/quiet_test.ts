import { assertEquals } from "@std/assert";

Deno.test("a program without init() prints no advertisement of tfjs", async () => {
  const code = `
    import { segmentSum } from "@meshwork/meshwork";
    import * as tf from "@tensorflow/tfjs";
    const sums = segmentSum(tf.tensor1d([1, 2, 3]), tf.tensor1d([0, 1, 0], "int32"), 2);
    console.log(sums.dataSync().join());
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    cwd: new URL("../../../", import.meta.url),
  }).output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  assertEquals([text(stdout), text(stderr)], ["4,2\n", ""]);
});

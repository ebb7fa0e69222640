/** Takes a compiled training step; prints its loss, and what was compiled and loaded, as JSON. */
import { adam, applyUpdates, init, jit, mlp, random, valueAndGrad } from "../../../mod.ts";
import * as tf from "@tensorflow/tfjs";
import { installedEngine } from "../../../lib/xla/mod.ts";

await init({ engine: "xla" });
const model = mlp({ sizes: [32, 32, 32, 1], layerNorm: false });
const optimizer = adam(1e-2);
const params = model.init(random.key(0), 8);
const x = random.normal(random.key(1), [16, 8]);

const step = jit((p: typeof params, state: ReturnType<typeof optimizer.init>) => {
  const loss = (q: typeof params) => tf.mean(tf.square(model.apply(q, x)));
  const [value, grads] = valueAndGrad(loss)(p);
  const [updates, next] = optimizer.update(grads, state, p);
  return { value, params: applyUpdates(p, updates), state: next };
});
const { value } = step(params, optimizer.init(params));
const loss = value.dataSync()[0];
const { compiles, cacheHits } = installedEngine()!.runtime.stats;
console.log(JSON.stringify({ loss, compiles, cacheHits }));

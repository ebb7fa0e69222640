/** Two processes of which one gets into trouble: `trouble.ts folder kind checkpoint`. */
import * as tf from "@tensorflow/tfjs";
import {
  distributed,
  init,
  loadCheckpoint,
  pmap,
  psum,
  saveCheckpoint,
  scan,
  type Tensor,
} from "../../../../mod.ts";

const [folder, kind, checkpoint] = Deno.args as [string, string, string];
await init({ engine: "xla" });
const { rank } = await distributed.init();
const sum = pmap((x: Tensor) => psum(x, "i"), { axisName: "i" });
const report = (value: unknown): void =>
  Deno.writeTextFileSync(`${folder}/${rank}.json`, JSON.stringify(value));
sum(tf.ones([1, 2])).dataSync();

const troubles: Record<string, () => void | Promise<void>> = {
  shapes() {
    try {
      sum(tf.ones([1, 3 + rank])).dataSync();
    } catch (error) {
      report((error as Error).message);
      throw error;
    }
  },
  trees() {
    distributed.broadcast(rank === 0 ? { a: tf.zeros([2]) } : { a: tf.zeros([2, 2]) });
  },
  // It would hang, if the other one waited for it.
  throws() {
    if (rank === 1) throw new RangeError("shard 1 is bad");
    sum(tf.ones([1, 4])).dataSync();
  },
  async rejects() {
    if (rank === 1) await Promise.reject(new RangeError("shard 1 is bad"));
    sum(tf.ones([1, 4])).dataSync();
  },
  exits() {
    if (rank === 1) Deno.exit(7);
    sum(tf.ones([1, 4])).dataSync();
  },
  skips() {
    if (rank === 0) sum(tf.ones([1, 4])).dataSync();
  },
  killed() {
    if (rank === 1) Deno.kill(Deno.pid, "SIGKILL");
    sum(tf.ones([1, 4])).dataSync();
  },
  loop() {
    const loop = pmap(
      (x: Tensor) => scan((c: Tensor) => [psum(c, "i"), null], x, null, { length: 2 })[0],
      {
        axisName: "i",
      },
    );
    try {
      loop(tf.ones([1, 2]));
    } catch (error) {
      report((error as Error).message);
    }
  },
  // The first process saves again and again, until the second one dies.
  async saving() {
    for (let step = 1;; step++) {
      const [save] = sum(tf.fill([1, 100_000], step)).dataSync();
      if (rank === 1 && step === 4) setTimeout(() => Deno.kill(Deno.pid, "SIGKILL"), 5);
      if (rank === 0) {
        await saveCheckpoint(checkpoint, { w: tf.fill([500_000], save!) }, { metadata: { step } });
      } else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  },
  async resuming() {
    const blank = { w: tf.zeros([500_000]) };
    const own = rank === 0 ? (await loadCheckpoint<typeof blank>(checkpoint)).tree : blank;
    const { w } = distributed.broadcast(own);
    report([tf.min(w).dataSync()[0], tf.max(w).dataSync()[0]]);
  },
};
await troubles[kind]!();

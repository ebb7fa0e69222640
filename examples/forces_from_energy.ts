/**
 * Forces, stiffness and motion from one function: the energy of masses joined by springs.
 *
 *     deno run -A examples/forces_from_energy.ts
 *
 * The force on a mass is minus the gradient of the energy, and the stiffness of the whole is the
 * derivative of that gradient, so neither is written down. A step of the motion is compiled with
 * `jit`, gradient included.
 *
 * @module
 */
import { grad, init, jit, type Tensor } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";

/** A triangle of unit masses with springs of rest length 1 and stiffness 10, in the plane. */
const senders = tf.tensor1d([0, 1, 2], "int32");
const receivers = tf.tensor1d([1, 2, 0], "int32");

/** The energy of the springs between masses at `x` `[N, 2]`, a scalar. */
function energy(x: Tensor): Tensor {
  const spring = tf.sub(tf.gather(x, receivers), tf.gather(x, senders));
  const stretch = tf.sub(tf.norm(spring, "euclidean", 1), 1);
  return tf.mul(5, tf.sum(tf.square(stretch)));
}

const gradient = grad(energy);

/** What a push along `v` changes in the forces, with the sign turned: the stiffness times `v`. */
const stiffnessTimes = (x: Tensor, v: Tensor): Tensor =>
  grad((y: Tensor) => tf.sum(tf.mul(gradient(y), v)))(x);

interface State {
  readonly x: Tensor;
  readonly v: Tensor;
}

/** One step of leapfrog, which keeps the energy. */
function step({ x, v }: State): State {
  const dt = 0.01;
  const half = tf.sub(v, tf.mul(dt / 2, gradient(x)));
  const next = tf.add(x, tf.mul(dt, half));
  return { x: next, v: tf.sub(half, tf.mul(dt / 2, gradient(next))) };
}

const total = ({ x, v }: State): number =>
  tf.add(energy(x), tf.mul(0.5, tf.sum(tf.square(v)))).dataSync()[0]!;

const { text } = await init();
console.log(text);

const rest: Tensor = tf.tensor2d([[0, 0], [1, 0], [0.5, Math.sqrt(3) / 2]]);
const breathing = tf.sub(rest, tf.mean(rest, 0));
const ratio = tf.div(
  tf.sum(tf.mul(breathing, stiffnessTimes(rest, breathing))),
  tf.sum(tf.square(breathing)),
);
console.log(`stiffness of breathing: ${ratio.dataSync()[0]!.toFixed(3)}, by hand 3 x 10 = 30`);

const compiled = jit(step);
let state: State = { x: tf.add(rest, tf.mul(0.1, breathing)), v: tf.zeros([3, 2]) };
const before = total(state);
for (let i = 0; i < 200; i++) state = compiled(state);
const drift = Math.abs(total(state) / before - 1);
console.log(`energy after 200 steps: ${before.toFixed(4)} -> ${total(state).toFixed(4)}`);
if (!(drift < 0.01)) throw new Error(`The energy drifted by ${(100 * drift).toFixed(1)} %`);

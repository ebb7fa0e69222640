/** Tensors that show themselves, in notebooks and on the console. @module */
import * as tf from "@tensorflow/tfjs";
import { displayHooks, escapeHtml } from "../base/mod.ts";
import { describe } from "../tree/mod.ts";

/** Reading more than so many numbers would take longer than a glance is worth. */
const MAX_READ = 10_000_000;

/** Dtype and shape, and as many values as tfjs prints, where they can be read. */
function tensorText(tensor: tf.Tensor): string {
  const head = `Tensor ${describe(tensor)}`;
  if (tensor.isDisposed) return `${head}, disposed`;
  if (tensor.size > MAX_READ) return head;
  try {
    const lines = tensor.toString().split("\n").slice(1);
    return [head, ...lines.map((line) => line.replace(/^ {2}/, ""))].join("\n");
  } catch {
    // Inside `jit` values are not known yet.
    return `${head}, traced`;
  }
}

/** Gives all tensors an appearance; tfjs's own dump has no values. */
export function showTensors(): void {
  const hooks = displayHooks<tf.Tensor>({
    text: tensorText,
    bundle: (tensor) => {
      const [head, ...values] = tensorText(tensor).split("\n");
      const html = `<code>${escapeHtml(head!)}</code><pre>${escapeHtml(values.join("\n"))}</pre>`;
      return { "text/plain": tensorText(tensor), "text/html": html };
    },
  });
  for (const hook of Object.getOwnPropertySymbols(hooks)) {
    Object.defineProperty(tf.Tensor.prototype, hook, { value: hooks[hook], configurable: true });
  }
}

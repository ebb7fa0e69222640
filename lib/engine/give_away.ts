/**
 * Arrays that become tensors and are used no more by who made them, so that an engine need not copy
 * them and can free them as soon as its device has them.
 *
 * @module
 */

const given = new WeakSet<ArrayBufferView>();

/** Promises that a typed array will be neither read nor changed once it is a tensor; returns it. */
export function giveAway<T extends ArrayBufferView>(values: T): T {
  given.add(values);
  return values;
}

/** Whether a typed array was given away. */
export function isGivenAway(values: ArrayBufferView): boolean {
  return given.has(values);
}

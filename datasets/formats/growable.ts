/** Typed arrays that grow, for lists whose length a file does not tell. @module */

/** Numbers appended one by one; memory grows with what was appended. */
class Growable<T extends Int32Array | Float64Array> {
  /** How many there are. */
  length = 0;
  #data: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#data = make(64);
  }

  push(value: number): void {
    if (this.length === this.#data.length) {
      const grown = this.#make(2 * this.length);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.length++] = value;
  }

  at(index: number): number {
    return this.#data[index]!;
  }

  /** The numbers, in an array of just their length. */
  finish(): T {
    return this.#data.slice(0, this.length) as T;
  }
}

/** A growing list of indices. */
export function growableInt32(): Growable<Int32Array> {
  return new Growable((length) => new Int32Array(length));
}

/** A growing list of numbers. */
export function growableFloat64(): Growable<Float64Array> {
  return new Growable((length) => new Float64Array(length));
}

export type { Growable };

/** Keys that tell static arguments apart. @module */
import { describe } from "../tree/mod.ts";

const identities = new WeakMap<WeakKey, number>();
let nextIdentity = 0;

/**
 * Text that is equal for equal values: numbers, strings, and arrays and plain objects of them; what
 * else there is (functions, maps, instances of classes) is told apart by identity.
 *
 * @param name What is traced, and `i` which argument it is, for errors.
 * @throws {TypeError} If an object holds itself.
 */
export function staticKey(value: unknown, i: number, name: string): string {
  const around: unknown[] = [];
  const keyOf = (value: unknown): string => {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "symbol" && Symbol.keyFor(value) !== undefined) {
      return `symbol ${JSON.stringify(Symbol.keyFor(value))}`;
    }
    if (typeof value === "function" || typeof value === "symbol") return identityOf(value);
    if (typeof value !== "object" || value === null) {
      return `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`;
    }
    const isArray = Array.isArray(value);
    if (!isArray && Object.getPrototypeOf(value) !== Object.prototype) return identityOf(value);
    if (around.includes(value)) {
      throw new TypeError(
        `Cannot trace ${name} as a static argument must come to an end: argument ${i} is ` +
          `${describe(around[0])} that holds itself (pass what the function needs of it)`,
      );
    }
    around.push(value);
    const text = isArray
      ? `[${Array.from(value, keyOf).join(", ")}]`
      : `{${
        Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}: ${keyOf(v)}`).join(", ")
      }}`;
    around.pop();
    return text;
  };
  return keyOf(value);
}

function identityOf(value: WeakKey): string {
  if (!identities.has(value)) identities.set(value, nextIdentity++);
  return `identity ${identities.get(value)}`;
}

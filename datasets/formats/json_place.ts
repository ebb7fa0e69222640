/** Places in JSON texts, which `JSON.parse` does not tell. @module */

/** What leads from the whole of a JSON text to a value in it: names of objects, places of lists. */
export type JsonPath = readonly (string | number)[];

/** A path that no text has, which leads to where a text is no JSON. */
export const NOWHERE: JsonPath = [NaN];

const SPACE = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

const [QUOTE, BACKSLASH] = [34, 92] as const;

/** What stands behind what was taken: a value, nothing of its list or object, or no JSON. */
type Behind = "a value" | "the end" | "no JSON";

/**
 * The byte at which a value begins in a JSON text. Where the text has no such value it is the byte
 * of the nearest one that would hold it; where the text is no JSON, the byte from which on it is
 * none.
 * Bytes that were no UTF-8 count as one each.
 */
export function placeInJson(text: string, path: JsonPath = []): number {
  const prefix = text.slice(0, new Walk(text, path).find());
  const numReplaced = prefix.split("\ufffd").length - 1;
  return new TextEncoder().encode(prefix).length - 2 * numReplaced;
}

/** Goes through a text value by value, without recursion, as damaged ones may be nested deeply. */
class Walk {
  readonly #text: string;
  readonly #path: JsonPath;
  /** The next character. */
  #at = 0;
  /** The way to the value at hand: the name in each object, the place in each list. */
  readonly #keys: (string | number)[] = [];
  /** How far the path was found, and where that value begins. */
  #depth = -1;
  #nearest = 0;

  constructor(text: string, path: JsonPath) {
    this.#text = text;
    this.#path = path;
  }

  /** The place of the value, of the nearest one, or of what is no JSON. */
  find(): number {
    this.#take(SPACE);
    for (let behind: Behind = "a value"; behind === "a value";) {
      this.#remember();
      if (this.#depth === this.#path.length) return this.#nearest;
      behind = this.#enter();
      if (behind === "the end") behind = this.#leave();
      if (behind === "no JSON") return this.#at;
    }
    return this.#nearest;
  }

  /** Notes where the value at hand begins, if the path leads through it. */
  #remember(): void {
    const depth = this.#keys.length;
    if (depth !== this.#depth + 1 || depth > this.#path.length) return;
    if (depth > 0 && this.#keys.some((key, i) => key !== this.#path[i])) return;
    [this.#depth, this.#nearest] = [depth, this.#at];
  }

  /** Takes a value that holds no others, or the beginning of one that does. */
  #enter(): Behind {
    const opening = this.#text[this.#at];
    if (opening !== "[" && opening !== "{") {
      const isTaken = opening === '"' ? this.#takeText() : this.#take(PLAIN);
      return isTaken === null ? "no JSON" : "the end";
    }
    this.#at++;
    this.#take(SPACE);
    if (this.#text[this.#at] === (opening === "[" ? "]" : "}")) {
      this.#at++;
      return "the end";
    }
    if (opening === "{") return this.#name();
    this.#keys.push(0);
    return "a value";
  }

  /** Goes on behind a value, out of all that end there; to the end of the text at last. */
  #leave(): Behind {
    for (;;) {
      this.#take(SPACE);
      const key = this.#keys.pop();
      if (key === undefined) return this.#at === this.#text.length ? "the end" : "no JSON";
      const isList = typeof key === "number";
      const mark = this.#text[this.#at];
      if (mark !== "," && mark !== (isList ? "]" : "}")) return "no JSON";
      this.#at++;
      if (mark !== ",") continue;
      this.#take(SPACE);
      if (!isList) return this.#name();
      this.#keys.push(key + 1);
      return "a value";
    }
  }

  /** Takes the name of a value and the colon behind it. */
  #name(): Behind {
    const name = this.#text[this.#at] === '"' ? this.#takeText() : null;
    if (name === null) return "no JSON";
    this.#take(SPACE);
    if (this.#text[this.#at] !== ":") return "no JSON";
    this.#at++;
    this.#take(SPACE);
    this.#keys.push(JSON.parse(name));
    return "a value";
  }

  /** Takes a text in quotes; null where it has no end, and the place is that of what is wrong. */
  #takeText(): string | null {
    const start = this.#at++;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) return this.#text.slice(start, ++this.#at);
      if (code === BACKSLASH ? this.#take(ESCAPE) === null : !(code >= 32)) return null;
      if (code !== BACKSLASH) this.#at++;
    }
  }

  /** What a pattern finds at this place, which it then passes over. */
  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

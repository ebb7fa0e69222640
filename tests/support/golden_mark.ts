/** What the printed number of values compared with Jraph begins with. @module */

/** `tools/test.ts` adds up the numbers of lines that begin with it. */
export const GOLDEN_MARK = "[golden] ";

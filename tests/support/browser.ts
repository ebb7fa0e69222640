/** The headless browser of tests. @module */
import { findChromium } from "../../lib/plot/chromium.ts";

export { renderPage } from "../../lib/plot/chromium.ts";

/** The path of Chromium, or null. */
export const CHROMIUM: string | null = findChromium();

/** Why tests that need it are skipped. */
export const NO_BROWSER = "needs a browser: no chromium on the path, and CHROMIUM is not set";

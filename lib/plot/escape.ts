/** Programs and data made safe to stand in a page. @module */

/** Makes a program safe to stand in a `<script>` element: nothing in it can end the element. */
export function escapeScript(source: string): string {
  return source.replaceAll(/<\/script/gi, "<\\/script").replaceAll("<!--", "<\\!--");
}

/** JSON that can stand in a `<script>` element as an expression. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

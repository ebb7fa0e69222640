/** Text made safe to stand in a page. @module */

/** Replaces the characters that HTML gives a meaning. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]!);
}

/** Makes a program safe to stand in a `<script>` element: nothing in it can end the element. */
export function escapeScript(source: string): string {
  return source.replaceAll(/<\/script/gi, "<\\/script").replaceAll("<!--", "<\\!--");
}

/** JSON that can stand in a `<script>` element as an expression. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

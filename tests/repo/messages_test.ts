import { assert, assertEquals } from "@std/assert";
import { formatPlaces, modules, type Place, readText, visit } from "./source.ts";

/** An error that a module makes, with what its message is written as. */
interface Message extends Place {
  readonly text: string;
}

/**
 * What a message is written as, `…` for what is filled in; null for one that is not written here.
 */
function written(node: Deno.lint.Node | undefined): string | null {
  if (node?.type === "Literal") return String(node.value);
  if (node?.type === "TemplateLiteral") {
    return node.quasis.map(({ cooked }) => cooked).join("…");
  }
  if (node?.type !== "BinaryExpression") return node?.type === "ConditionalExpression" ? "…" : null;
  const [left, right] = [written(node.left as Deno.lint.Node), written(node.right)];
  return left === null && right === null ? null : `${left ?? "…"}${right ?? "…"}`;
}

/** The errors that a module makes with `new` and a message. */
function messagesOf(path: string, text: string): Message[] {
  const found: Message[] = [];
  visit(path, text, {
    NewExpression: ({ callee, arguments: [message], range }) => {
      if (callee.type !== "Identifier" || !callee.name.endsWith("Error")) return;
      const line = text.slice(0, range[0]).split("\n").length;
      found.push({ path, line, text: written(message) ?? text.slice(...range) });
    },
  });
  return found;
}

/** `Cannot <do what> as <rule>`, in one line. */
const LAW = /^Cannot [^\n]+ as [^\n]+$/;

const breaks = (messages: readonly Message[]): string[] =>
  formatPlaces(messages.filter(({ text }) => !LAW.test(text)), ({ text }) => text);

Deno.test("every error says what cannot be done and by which rule", async () => {
  const paths = await modules("lib", "datasets", "tools");
  const messages = paths.flatMap((path) => messagesOf(path, readText(path)));
  assert(messages.length > 250, "it does not see the errors any more");
  assertEquals(breaks(messages), []);
});

Deno.test("a message is read through templates and sums; one that is not written there breaks", () => {
  const text = `
    throw new RangeError("Cannot do " + what + \` as \${rule}\`);
    throw new TypeError(\`Cannot \${action} as it must be: \` + (a ? "x" : "y"));
    throw new Error("Wrong");
    throw new DataFormatError(message);
    const parsed = new Map([["Cannot", 1]]);
    throw new Error();
  `;
  assertEquals(breaks(messagesOf("a.ts", text)), [
    "a.ts:4: Wrong",
    "a.ts:5: new DataFormatError(message)",
    "a.ts:7: new Error()",
  ]);
});

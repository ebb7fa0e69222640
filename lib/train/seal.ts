/**
 * A checksum that a safetensors file holds of itself, so that damage is told from what was saved.
 *
 * @module
 */
import { encodeSafetensors, headerBytes, type Safetensors } from "./safetensors.ts";

/** The entry of the format's metadata that this library keeps for itself. */
export const OWN = "meshwork";

/** Stands in a file's header in the place of its checksum while that is computed. */
export const NO_HASH = "0".repeat(64);

/** Encodes a file, with its checksum in the place where its metadata have {@linkcode NO_HASH}. */
export async function seal(content: Safetensors): Promise<Uint8Array> {
  const file = encodeSafetensors(content);
  return replaceHash(file, NO_HASH, await hash(file), "a new checkpoint");
}

/**
 * Fails unless a file is what was sealed.
 *
 * @param sha256 The checksum that it holds.
 * @throws {SyntaxError} If any byte differs.
 */
export async function checkSeal(file: Uint8Array, sha256: string, source: string): Promise<void> {
  if (await hash(replaceHash(file, sha256, NO_HASH, source)) === sha256) return;
  throw damaged(source, "its bytes must be those that were saved: its checksum differs");
}

/** The error of a file that is not what was saved. */
export function damaged(source: string, rule: string): SyntaxError {
  return new SyntaxError(
    `Cannot read ${source} as ${rule} (it is damaged: use an earlier checkpoint, or copy it again)`,
  );
}

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function replaceHash(
  file: Uint8Array,
  from: string,
  to: string,
  source: string,
): Uint8Array<ArrayBuffer> {
  // Bytes as characters, so that places in the text are places in the file.
  const header = new TextDecoder("latin1").decode(headerBytes(file, source));
  const at = header.indexOf(`\\"sha256\\":\\"${from}`);
  if (at < 0) throw damaged(source, `its header must hold a checksum in "${OWN}"`);
  const copy = Uint8Array.from(file);
  copy.set(new TextEncoder().encode(to), 8 + header.indexOf(from, at));
  return copy;
}

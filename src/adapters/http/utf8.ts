/** `ignoreBOM` keeps the mark in the text, where it can be seen: by default a decoder swallows it. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const BYTE_ORDER_MARK = 0xfeff;

/** The text that these bytes are, or undefined when they are not UTF-8 or begin with a byte order mark (RFC 8259 section 8.1). */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return undefined;
  }
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? undefined : text;
}

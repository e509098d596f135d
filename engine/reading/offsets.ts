/** The place in a text of a byte of its UTF-8 form. */
export function offsetsOf(text: string): (byte: number) => number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is meant
  if (/^[\x00-\x7f]*$/.test(text)) return (byte) => byte;
  const places: number[] = [];
  let at = 0;
  for (const letter of text) {
    for (let byte = Buffer.byteLength(letter); byte > 0; byte--) places.push(at);
    at += letter.length;
  }
  return (byte) => places[byte] ?? text.length;
}

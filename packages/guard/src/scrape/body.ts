/** The whole of a stream of bytes. @throws what `tooLarge` makes once it reaches `limit` */
export async function collectBody(
  stream: AsyncIterable<unknown>,
  limit: number,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size >= limit) throw tooLarge();
    chunks.push(bytes);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

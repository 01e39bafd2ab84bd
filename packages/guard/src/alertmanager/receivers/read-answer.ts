import type { Clock, Milliseconds } from '../../core/index.ts';
import type { HttpAnswer } from '../../http-client/index.ts';

/** How much of an answer is read, bytes, and for how long: what drips on says nothing more. */
const MAX_ANSWER_BYTES = 65_536;
export const MAX_ANSWER_MS: Milliseconds = 5000;

/**
 * The beginning of a body, and whether that is all of it. Nobody asks for compression, and what is compressed all the
 * same stays so, as with Alertmanager. Does not throw: the status has been told.
 */
export async function readAnswer(
  { body }: HttpAnswer,
  clock: Clock,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  const cut = () => {
    isWhole = false;
    body.destroy();
  };
  const timer = clock.after(MAX_ANSWER_MS, cut);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) continue;
      cut();
      break;
    }
  } catch {
    isWhole = false;
  } finally {
    timer.cancel();
  }
  return { text: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString(), isWhole };
}

/** Lets a body go by that nobody needs, so that its connection can be used again; one that goes on is cut off. */
export function discardAnswer({ body }: HttpAnswer, clock: Clock): void {
  const timer = clock.after(MAX_ANSWER_MS, () => body.destroy());
  body
    .dump()
    .catch(() => {})
    .finally(() => timer.cancel());
}

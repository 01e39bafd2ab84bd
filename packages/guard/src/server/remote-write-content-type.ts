import type { WriteVersion } from '../remote-write/index.ts';

/** The messages of remote write, as content types name them. */
export const WRITE_MESSAGES = {
  'prometheus.WriteRequest': 1,
  'io.prometheus.write.v2.Request': 2,
} as const satisfies Readonly<Record<string, WriteVersion>>;
export type WriteMessage = keyof typeof WRITE_MESSAGES;

const MEDIA_TYPE = 'application/x-protobuf';
const DEFAULT_MESSAGE: WriteMessage = 'prometheus.WriteRequest';

const isWriteMessage = (name: string): name is WriteMessage => Object.hasOwn(WRITE_MESSAGES, name);

/**
 * The message that a content type names; a string in place of the message says why there is none
 * (client_golang: exp/api/remote `ParseProtoMsg`). No content type at all names version 1.
 */
export function writeMessageOf(
  contentType: string | undefined,
): { readonly message: WriteMessage } | { readonly problem: string } {
  const text = (contentType ?? '').trim() || MEDIA_TYPE;
  const [mediaType, ...parameters] = text.split(';');
  if (mediaType !== MEDIA_TYPE)
    return { problem: `expected ${MEDIA_TYPE} as the first (media) part, got ${text} content-type` };
  for (const parameter of parameters) {
    const [name, value, ...rest] = parameter.split('=');
    if (value === undefined || rest.length > 0)
      return { problem: `parameter ${parameter} of content-type ${text} is no key=value` };
    if (name !== 'proto') continue;
    if (isWriteMessage(value)) return { message: value };
    const known = Object.keys(WRITE_MESSAGES).join(', ');
    return { problem: `unknown protobuf message ${value} of content-type ${text}, supported: ${known}` };
  }
  return { message: DEFAULT_MESSAGE };
}

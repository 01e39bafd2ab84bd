import { UserError } from '../core/index.ts';

/** The body is not the message that its content type names; sending it again cannot help. */
export const MALFORMED = 'remote-write-malformed';

export const malformed = (message: string): UserError =>
  new UserError(MALFORMED, message, {
    remedy: 'send the protobuf message that the content type names, compressed with snappy',
  });

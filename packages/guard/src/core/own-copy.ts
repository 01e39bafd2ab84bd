/**
 * The same text in memory of its own. A slice of a long text keeps all of it alive: what is cut out of a body and kept
 * for long must be copied.
 */
export const ownCopy = (text: string): string => Buffer.from(text).toString();

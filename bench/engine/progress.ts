/** Tells whoever waits what has just been done; the report itself goes to standard output. */
export const progress = (text: string): void => void process.stderr.write(`  ${text}\n`);

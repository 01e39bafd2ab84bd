import type { WriteStream } from 'node:tty';
import { EXIT } from './exit-codes.ts';

/** What can be shown where standard output goes. */
export interface Terminal {
  readonly isTerminal: boolean;
  /** Undefined where lines may be as long as they like. */
  readonly columns: number | undefined;
  readonly rows: number | undefined;
  readonly color: boolean;
}

/** @param environment NO_COLOR (no-color.org), FORCE_COLOR and TERM decide about colours */
export function terminalOf(
  output: WriteStream | NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv,
): Terminal {
  const isTerminal = output.isTTY === true;
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  const wanted = isTerminal ? TERM !== 'dumb' : FORCE_COLOR !== undefined && FORCE_COLOR !== '0';
  return {
    isTerminal,
    columns: isTerminal ? output.columns : undefined,
    rows: isTerminal ? output.rows : undefined,
    color: wanted && !NO_COLOR,
  };
}

/** Ends the process without a word once nobody reads its output any more: `head` and pagers close the pipe. */
export function endWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(EXIT.good);
  });
}

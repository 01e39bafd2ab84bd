/** Structured logging, met by pino. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = () => {};

/** Says nothing; for tests and library use. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

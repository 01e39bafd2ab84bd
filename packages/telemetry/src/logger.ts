/** What telemetry needs of a logger; pino meets it. */
export interface TelemetryLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

function line(level: string) {
  return (fields: object, message: string) => {
    process.stderr.write(`${JSON.stringify({ level, time: Date.now(), ...fields, msg: message })}\n`);
  };
}

/** JSON lines on standard error, for when no logger was passed in: telemetry is never mute. */
export const stderrLogger: TelemetryLogger = { info: line('info'), warn: line('warn'), error: line('error') };

/**
 * One line for each `periodMs` and kind, with how many were held back: a collector that is down must not flood
 * the log of the service.
 */
export function createThrottledWarning(logger: TelemetryLogger, periodMs: number, now: () => number) {
  const kinds = new Map<string, { nextAt: number; heldBack: number }>();
  return (kind: string, fields: object, message: string): void => {
    const state = kinds.get(kind) ?? { nextAt: Number.NEGATIVE_INFINITY, heldBack: 0 };
    kinds.set(kind, state);
    if (now() < state.nextAt) {
      state.heldBack += 1;
      return;
    }
    logger.warn({ ...fields, similar_held_back: state.heldBack }, message);
    state.nextAt = now() + periodMs;
    state.heldBack = 0;
  };
}

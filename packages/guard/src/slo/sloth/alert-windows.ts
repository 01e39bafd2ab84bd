import { z } from 'zod';
import { checkShape, goNumberField, type YamlSource } from '../../config/index.ts';
import {
  formatDuration,
  type Milliseconds,
  type Problem,
  parseDuration,
  UserError,
} from '../../core/index.ts';

/** One of an alert's two speeds: it fires when this share of the budget is gone within the long window. */
export interface AlertWindow {
  /** Percent of the period's budget. */
  readonly errorBudgetPercent: number;
  readonly shortWindow: Milliseconds;
  readonly longWindow: Milliseconds;
}

interface Speeds {
  readonly quick: AlertWindow;
  readonly slow: AlertWindow;
}

/** Sloth's `AlertWindows`: what an SLO of one period is alerted on. */
export interface AlertWindows {
  readonly period: Milliseconds;
  readonly page: Speeds;
  readonly ticket: Speeds;
}

const span = (text: string): Milliseconds => parseDuration(text)!;
const speed = (errorBudgetPercent: number, short: string, long: string): AlertWindow => ({
  errorBudgetPercent,
  shortWindow: span(short),
  longWindow: span(long),
});

/** Those of Sloth 0.16 (internal/alert/windows), which cite the SRE Workbook's table, chapter 5. */
export const BUILT_IN_WINDOWS: readonly AlertWindows[] = ['28d', '30d'].map(period => ({
  period: span(period),
  page: { quick: speed(2, '5m', '1h'), slow: speed(5, '30m', '6h') },
  ticket: { quick: speed(10, '2h', '1d'), slow: speed(10, '6h', '3d') },
}));

const duration = z.string().transform((text, context): Milliseconds => {
  const parsed = parseDuration(text);
  if (parsed !== undefined && parsed > 0) return parsed;
  context.issues.push({
    code: 'custom',
    message: `${JSON.stringify(text)} is no duration such as 5m`,
    input: text,
  });
  return z.NEVER;
});

const window = z.strictObject({
  errorBudgetPercent: goNumberField.refine(value => value !== 0, 'must not be 0'),
  shortWindow: duration,
  longWindow: duration,
});
const speeds = z.strictObject({ quick: window, slow: window });

const ALERT_WINDOWS = z.strictObject({
  apiVersion: z.literal('sloth.slok.dev/v1'),
  kind: z.literal('AlertWindows'),
  spec: z.strictObject({ sloPeriod: duration, page: speeds, ticket: speeds }),
});

/** The catalogue of the given documents. @throws UserError with every problem, two of one period included */
export function readAlertWindows(sources: readonly YamlSource[]): AlertWindows[] {
  const problems: Problem[] = [];
  const catalogue = new Map<Milliseconds, AlertWindows>();
  for (const source of sources) {
    try {
      const { spec } = checkShape(ALERT_WINDOWS, { ...source, value: source.goValue() });
      const windows = { period: spec.sloPeriod, page: spec.page, ticket: spec.ticket };
      const other = catalogue.get(windows.period);
      if (other && JSON.stringify(other) !== JSON.stringify(windows)) {
        const message = `another catalogue is for the period ${formatDuration(windows.period)} and differs`;
        problems.push(source.problemAt(['spec', 'sloPeriod'], { code: 'duplicate-period', message }));
      }
      catalogue.set(windows.period, windows);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  const [first, ...rest] = problems;
  if (first) throw UserError.ofProblems([first, ...rest]);
  return [...catalogue.values()];
}

/** In floating hours, as Go's Duration.Hours gives them, so that factors have Sloth's digits. */
export function hoursOf(length: Milliseconds): number {
  const rest = length % 3_600_000;
  return (length - rest) / 3_600_000 + (rest * 1e6) / 3.6e12;
}

/** The burn rate that spends the window's share in its long window (internal/alert/window.go). */
export const burnFactor = (period: Milliseconds, { errorBudgetPercent, longWindow }: AlertWindow): number =>
  (errorBudgetPercent * hoursOf(period)) / 100 / hoursOf(longWindow);

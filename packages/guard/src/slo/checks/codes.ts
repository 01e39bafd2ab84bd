/** How bad a finding is: an error makes an alert or a budget wrong, a warning probably does. */
export type Level = 'error' | 'warning';

/** What a check reads besides the files. */
export type Need = 'files' | 'prometheus' | 'retention' | 'alertmanager';

interface CodeFacts {
  readonly level: Level;
  readonly needs: Need;
  /** What holds where there is no such finding; a clean bill lists these. */
  readonly holds: string;
}

/** Every finding of `lint`. Each has a page, `docs/lint/<code>.md`. */
export const LINT_CODES = {
  'unreachable-threshold': { level: 'error', needs: 'files', holds: 'every alert can fire at its objective' },
  'window-too-long': {
    level: 'error',
    needs: 'files',
    holds: 'no alert looks back beyond its objective’s window',
  },
  'alert-inside-budget': { level: 'warning', needs: 'files', holds: 'no alert fires inside the budget' },
  'tight-threshold': { level: 'warning', needs: 'files', holds: 'no alert waits for an almost total outage' },
  'short-window': { level: 'error', needs: 'files', holds: 'every window holds four scrapes' },
  'missing-aggregation': { level: 'error', needs: 'files', holds: 'hand-written ratios are aggregated' },
  'no-traffic-nan': {
    level: 'warning',
    needs: 'files',
    holds: 'hand-written divisions survive a quiet hour',
  },
  'equal-weight-slices': {
    level: 'warning',
    needs: 'files',
    holds: 'budgets weigh by events, not by slices of time',
  },
  'native-histogram': {
    level: 'warning',
    needs: 'files',
    holds: 'the embedded engine reads every indicator',
  },
  'duplicate-name': { level: 'warning', needs: 'files', holds: 'names of alerts and aliases are unique' },
  'window-longer-than-retention': {
    level: 'error',
    needs: 'retention',
    holds: 'samples are kept for as long as every window',
  },
  'selector-matches-nothing': {
    level: 'error',
    needs: 'prometheus',
    holds: 'every selector matches live series',
  },
  'late-counter': {
    level: 'warning',
    needs: 'prometheus',
    holds: 'counters of failures exist before the first one',
  },
  'missing-bucket': {
    level: 'error',
    needs: 'prometheus',
    holds: 'every `le` is a bucket of the live histogram',
  },
  'exploding-grouping': { level: 'warning', needs: 'prometheus', holds: 'groupings have few live groups' },
  'low-traffic': { level: 'warning', needs: 'prometheus', holds: 'a single failure pages nobody' },
  'minimum-events-too-high': {
    level: 'error',
    needs: 'prometheus',
    holds: 'live traffic reaches every minimum of events',
  },
  'no-receiver': {
    level: 'error',
    needs: 'alertmanager',
    holds: 'every alert is routed to a receiver that tells somebody',
  },
} as const satisfies Record<string, CodeFacts>;

export type LintCode = keyof typeof LINT_CODES;

export const LINT_CODE_NAMES = Object.keys(LINT_CODES) as LintCode[];

export const levelOf = (code: string): Level =>
  Object.hasOwn(LINT_CODES, code) ? LINT_CODES[code as LintCode].level : 'warning';

import { formatDuration, formatFloat, type Ratio } from '../../core/index.ts';
import type { Explanation } from '../../slo/index.ts';
import type { Alignment } from '../columns.ts';
import { humanDuration } from '../human-duration.ts';

/** A table with its heading line; what is told the same on a terminal and in Markdown. */
export interface Table {
  readonly title: string;
  readonly alignments: readonly Alignment[];
  /** The first names the columns. */
  readonly rows: readonly (readonly string[])[];
}

export interface ExplanationText {
  readonly title: string;
  readonly facts: readonly string[];
  readonly tables: readonly Table[];
  readonly notes: readonly string[];
}

/** An explanation in words. @param histories as they were given to `explainSlo` */
export function textOf(
  explanation: Explanation,
  histories: readonly (number | undefined)[],
): ExplanationText {
  const { slo } = explanation;
  return {
    title: `${slo.displayName} (${slo.service}/${slo.name})`,
    facts: factsOf(explanation),
    tables: [
      meaningTable(explanation),
      ...histories.map((history, i) => timesTable(explanation, i, history)),
      endsTable(explanation),
    ],
    notes: notesOf(explanation),
  };
}

function factsOf({ slo, window, budget }: Explanation): string[] {
  const length = formatDuration(window);
  const { events } = budget;
  return [
    `${percent(slo.objective)} of the events of ${length} must be good.`,
    `The budget is ${percent(budget.ratio)}: ${humanDuration(budget.seconds)} of a total outage in ${length}${
      events === undefined
        ? '; --rate or --prometheus tells it in events'
        : `, or ${whole(events.failed)} of ${whole(events.all)} events at ${formatFloat(Number(events.rate.toPrecision(3)))} a second`
    }.`,
  ];
}

const meaningTable = ({ alerts, window }: Explanation): Table => ({
  title: 'What each alert means',
  alignments: [
    'left',
    'left',
    'right',
    'left',
    'left',
    'right',
    ...(alerts[0]?.failures ? ['right' as const] : []),
  ],
  rows: [
    [
      'alert',
      'severity',
      'burn rate',
      'fires when there fail',
      'then there are spent',
      `${formatDuration(window)} of budget last`,
      ...(alerts[0]?.failures ? ['failures'] : []),
    ],
    ...alerts.map(({ name, severity, tier, threshold, exhaustsAfter, failures }) => [
      name,
      severity,
      formatFloat(tier.burn),
      `more than ${percent(threshold)} over ${windowsText(tier)}`,
      `${percent(tier.budgetShare)} in ${formatDuration(tier.longWindow)}`,
      humanDuration(exhaustsAfter),
      ...(failures === undefined ? [] : [whole(failures)]),
    ]),
  ],
});

function windowsText({
  shortWindow,
  longWindow,
  for: pending,
}: Explanation['alerts'][number]['tier']): string {
  const windows = shortWindow === longWindow ? [longWindow] : [shortWindow, longWindow];
  const text = windows.map(formatDuration).join(' and ');
  return pending === 0 ? text : `${text}, for ${formatDuration(pending)}`;
}

const timesTable = (
  { alerts, courses }: Explanation,
  history: number,
  seconds: number | undefined,
): Table => ({
  title: `Time until it fires, ${
    seconds === undefined
      ? 'with the windows full of healthy traffic'
      : `after ${humanDuration(seconds)} of healthy traffic`
  }`,
  alignments: ['right', 'right', 'right', ...alerts.map(() => 'right' as const)],
  rows: [
    ['errors', 'burn rate', 'budget lasts', ...alerts.map(({ name }) => name)],
    ...courses.map(course => [
      course.title,
      formatFloat(Number(course.burnRate.toPrecision(4))),
      humanDuration(course.exhaustsAfter),
      ...course.alerts.map(({ firesAfter }) => humanDuration(firesAfter[history]!)),
    ]),
  ],
});

const endsTable = ({ alerts, courses }: Explanation): Table => ({
  title: 'Time until it ends once the errors have, if they lasted longer than its windows',
  alignments: ['right', ...alerts.map(() => 'right' as const)],
  rows: [
    ['errors', ...alerts.map(({ name }) => name)],
    ...courses.map(({ title, alerts: times }) => [
      title,
      ...times.map(({ endsAfter }) => (endsAfter === 0 ? '–' : humanDuration(endsAfter))),
    ]),
  ],
});

const FIFTY_HOURS = 50 * 3600;

function notesOf({ slo, alerts, window, recommendedMinimumEvents }: Explanation): string[] {
  const misread = alerts.find(({ exhaustsAfter }) => Math.round(exhaustsAfter) === FIFTY_HOURS);
  const jumpy = alerts.filter(({ severity, failures }) => severity === 'page' && failures === 1);
  return [
    'A notification follows after at most one scrape, one evaluation and group_wait more. Traffic is taken to be steady.',
    ...(misread
      ? [
          `At a burn rate of ${formatFloat(misread.tier.burn)} the budget of ${formatDuration(window)} lasts 50 hours, not two, as is sometimes said: an hour spends 2 % of it.`,
        ]
      : []),
    ...(jumpy.length > 0 && slo.minimumEvents === undefined
      ? [
          `At this traffic a single failure fires ${jumpy.map(({ name }) => name).join(', ')}: set slo-guard/minimum-events to ${recommendedMinimumEvents}, or see docs/lint/low-traffic.md.`,
        ]
      : []),
    ...(slo.minimumEvents === undefined
      ? []
      : [`No alert fires on fewer than ${slo.minimumEvents} events in its short window.`]),
    ...(slo.budgeting.method === 'occurrences'
      ? []
      : [
          'The budget is counted in slices of time: a slice that is bad in part may weigh more or less than its events.',
        ]),
  ];
}

const percent = (share: Ratio) => `${formatFloat(Number((share * 100).toPrecision(6)))} %`;

const whole = (count: number) => Math.floor(count).toLocaleString('en');

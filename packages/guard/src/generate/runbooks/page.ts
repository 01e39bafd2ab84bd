import { formatDuration, formatFloat, type Milliseconds, toSeconds } from '../../core/index.ts';
import {
  type BurnTier,
  budgetDuration,
  errorRatioThreshold,
  type Slo,
  timeToExhaust,
  windowLength,
} from '../../slo/index.ts';
import { absentAlertName } from '../alerts.ts';
import { burnAlertName, windowText } from '../facts.ts';
import { generatedNote } from '../header.ts';
import { own } from '../measures.ts';
import { burnRateSeries, SERIES } from '../names.ts';

/** A runbook page of an SLO in Markdown: what it promises, what each alert means, and what to look at first. */
export function runbookPage(slo: Slo): string {
  const sections = [
    `<!-- ${generatedNote([slo.source.file ?? '?'])} -->`,
    `# ${slo.displayName}`,
    ...(slo.description === '' ? [] : [slo.description]),
    facts(slo),
    ...slo.policy.tiers.map(tier => burnSection(slo, tier)),
    ...(slo.absent === undefined ? [] : [absentSection(slo, slo.absent.for)]),
    firstLook(slo),
  ];
  return `${sections.join('\n\n')}\n`;
}

function facts(slo: Slo): string {
  const window = windowLength(slo.window);
  const links = Object.entries(slo.links).map(([name, url]) => `- ${name}: <${url}>`);
  return [
    `- Objective: ${percent(slo.objective)} of ${countedThings(slo)} over ${windowText(slo)}.`,
    `- Budget: ${span(budgetDuration({ objective: slo.objective, window }) * 1000)} of total outage under steady traffic.`,
    ...(slo.owner === undefined ? [] : [`- Owner: ${slo.owner}`]),
    ...(slo.grouping.length === 0 ? [] : [`- Kept apart by: ${slo.grouping.join(', ')}.`]),
    ...links,
  ].join('\n');
}

const countedThings = ({ budgeting }: Slo) =>
  budgeting.method === 'occurrences' ? 'events' : `slices of ${formatDuration(budgeting.slice)}`;

function burnSection(slo: Slo, tier: BurnTier): string {
  const [short, long] = [formatDuration(tier.shortWindow), formatDuration(tier.longWindow)];
  const window = windowLength(slo.window);
  const share = percent(errorRatioThreshold(slo.objective, tier.burn));
  const lasts = span((timeToExhaust(window, tier.burn) as number) * 1000);
  const action =
    tier.severity === 'page' ? '**Page.** Somebody must look now.' : '**Ticket.** It can wait for the day.';
  return [
    `## ${burnAlertName(slo, tier)}`,
    `More than ${share} of ${countedThings(slo)} were bad over both ${long} and ${short}. At this rate or above, the whole budget lasts ${lasts} at most. ${action}`,
    `It clears within ${short} of the end of the failures.`,
  ].join('\n\n');
}

const absentSection = (slo: Slo, waits: Milliseconds): string =>
  [
    `## ${absentAlertName(slo)}`,
    `None of the series that this objective counts has had samples for ${formatDuration(waits)}. No other alert of this page can fire meanwhile. Look at the targets (\`up == 0\`), at what was deployed last, and whether a metric or label was renamed.`,
  ].join('\n\n');

function firstLook(slo: Slo): string {
  const windows = [...new Set(slo.policy.tiers.map(({ shortWindow }) => shortWindow))];
  const queries = [
    ...windows.map(window => own(slo, burnRateSeries(window))),
    own(slo, SERIES.budgetRemaining),
    `${own(slo, SERIES.errors)} / (${own(slo, SERIES.total)} > 0)`,
  ];
  return [
    '## First look',
    'How fast the budget burns, what is left of it, and the share that fails now:',
    `\`\`\`promql\n${queries.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

const percent = (share: number) => `${formatFloat(Number((share * 100).toPrecision(6)))} %`;

const span = (length: number) => formatDuration(Math.max(1, Math.round(toSeconds(length))) * 1000);

import pc from 'picocolors';
import type { Explanation } from '../../slo/index.ts';
import { alignColumns } from '../columns.ts';
import type { ExplanationText, Table } from './tables.ts';

export function renderTerminal({ title, facts, tables, notes }: ExplanationText, color: boolean): string {
  const colors = pc.createColors(color);
  return [
    colors.bold(title),
    ...facts.map(fact => `  ${fact}`),
    ...tables.flatMap(table => ['', `  ${colors.bold(table.title)}`, ...tableLines(table, colors.dim)]),
    '',
    ...notes.map(note => `  ${note}`),
    '',
  ].join('\n');
}

function tableLines({ rows, alignments }: Table, dim: (text: string) => string): string[] {
  const [head, ...body] = alignColumns(rows, alignments);
  return [dim(`  ${head}`), ...body.map(line => `  ${line}`)];
}

export function renderMarkdown({ title, facts, tables, notes }: ExplanationText): string {
  return [
    `## ${escapeMarkdown(title)}`,
    '',
    ...facts.map(escapeMarkdown),
    ...tables.flatMap(table => ['', `### ${table.title}`, '', ...markdownTable(table)]),
    '',
    ...notes.map(note => `- ${escapeMarkdown(note)}`),
    '',
  ].join('\n');
}

function markdownTable({ rows, alignments }: Table): string[] {
  const [head, ...body] = rows.map(row => `| ${row.map(escapeMarkdown).join(' | ')} |`);
  const rule = `| ${alignments.map(side => (side === 'right' ? '---:' : ':---')).join(' | ')} |`;
  return [head!, rule, ...body];
}

const escapeMarkdown = (text: string) => text.replace(/[\\`*_|<>[\]#]/g, '\\$&').replaceAll('\n', ' ');

/** For programs: durations in seconds, null for "never". */
export function renderJson(
  explanations: readonly Explanation[],
  histories: readonly (number | undefined)[],
): string {
  const shown = explanations.map(({ slo, window, budget, alerts, courses, recommendedMinimumEvents }) => ({
    service: slo.service,
    slo: slo.name,
    source: slo.source,
    objective: slo.objective,
    windowSeconds: window / 1000,
    policy: { name: slo.policy.name, source: slo.policy.source },
    budget,
    recommendedMinimumEvents,
    alerts: alerts.map(({ name, severity, tier, threshold, exhaustsAfter, failures }) => ({
      name,
      severity,
      burnRate: tier.burn,
      budgetShare: tier.budgetShare,
      shortWindowSeconds: tier.shortWindow / 1000,
      longWindowSeconds: tier.longWindow / 1000,
      forSeconds: tier.for / 1000,
      threshold,
      exhaustsAfterSeconds: exhaustsAfter,
      failuresToFire: failures,
    })),
    courses: courses.map(({ title, errorRatio, burnRate, exhaustsAfter, alerts: times }) => ({
      title,
      errorRatio,
      burnRate,
      exhaustsAfterSeconds: exhaustsAfter,
      alerts: times.map(({ firesAfter, endsAfter }, i) => ({
        name: alerts[i]!.name,
        firesAfter: firesAfter.map((seconds, h) => ({ historySeconds: histories[h] ?? null, seconds })),
        endsAfterSeconds: endsAfter,
      })),
    })),
  }));
  const json = JSON.stringify(shown, (_, value) => (value === Number.POSITIVE_INFINITY ? null : value), 2);
  return `${json}\n`;
}

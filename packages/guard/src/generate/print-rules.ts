import type { AlertingRule, RecordingRule, RuleGroup } from './rule-types.ts';

/** Without an interval, Prometheus's own holds. */
type PrintedGroup = Omit<RuleGroup, 'interval'> & { readonly interval?: string };

/**
 * Rule groups as YAML, in the order of Prometheus's documentation. A library that builds a document first takes ten
 * times as long, and ten thousand SLOs have half a million rules.
 *
 * @param indent before every line, for documents in which groups are a part
 */
export function printGroups(groups: readonly PrintedGroup[], indent = ''): string {
  const lines: string[] = [];
  for (const { name, interval, rules } of groups) {
    lines.push(`${indent}  - name: ${printScalar(name)}`);
    if (interval !== undefined) lines.push(`${indent}    interval: ${printScalar(interval)}`);
    lines.push(`${indent}    rules:`);
    for (const rule of rules) printRule(rule, `${indent}        `, lines);
  }
  return `${indent}groups:${groups.length === 0 ? ' []' : ''}\n${lines.map(line => `${line}\n`).join('')}`;
}

function printRule(rule: RecordingRule | AlertingRule, indent: string, lines: string[]): void {
  const dash = `${indent.slice(0, -2)}- `;
  lines.push(
    'record' in rule
      ? `${dash}record: ${printScalar(rule.record)}`
      : `${dash}alert: ${printScalar(rule.alert)}`,
  );
  lines.push(`${indent}expr: ${text(rule.expr, `${indent}  `)}`);
  if ('alert' in rule) {
    if (rule.for !== undefined) lines.push(`${indent}for: ${printScalar(rule.for)}`);
    if (rule.keep_firing_for !== undefined)
      lines.push(`${indent}keep_firing_for: ${printScalar(rule.keep_firing_for)}`);
  }
  printMap('labels', rule.labels, indent, lines);
  if ('alert' in rule) printMap('annotations', rule.annotations, indent, lines);
}

function printMap(
  key: string,
  map: Readonly<Record<string, string>> | undefined,
  indent: string,
  lines: string[],
): void {
  const entries = Object.entries(map ?? {});
  if (entries.length === 0) return;
  lines.push(`${indent}${key}:`);
  for (const [name, value] of entries)
    lines.push(`${indent}  ${printScalar(name)}: ${text(value, `${indent}    `)}`);
}

/** Texts that are read as themselves without quotes: they begin as no other kind of value does. */
const PLAIN = /^[a-zA-Z_(][\x20-\x7e]*$/;
/** A key's colon, a comment, and a space at the end would be read as such. */
const NOT_PLAIN = /: |:$| #| $/;
const DURATION = /^(\d+(ms|[smhdwy]))+$/;
/** YAML 1.1, which Go's library partly is, has more words for these than YAML 1.2. */
const WORD = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** Lines that stand in a block as they are. */
const BLOCK = /^[\x20-\x7e]+$/;

/** One line of text as a YAML scalar, without quotes where it is read as itself. */
export function printScalar(value: string): string {
  const isPlain = PLAIN.test(value) && !NOT_PLAIN.test(value) && !WORD.test(value);
  return isPlain || DURATION.test(value) ? value : quoted(value);
}

/** As `scalar`, several lines as a block. */
function text(value: string, indent: string): string {
  if (!value.includes('\n')) return printScalar(value);
  const isEnded = value.endsWith('\n');
  const lines = (isEnded ? value.slice(0, -1) : value).split('\n');
  if (value.startsWith(' ') || !lines.every(line => BLOCK.test(line))) return quoted(value);
  return `${isEnded ? '|' : '|-'}\n${lines.map(line => `${indent}${line}`).join('\n')}`;
}

/** JSON, in which YAML wants some characters escaped that JSON does not. */
const quoted = (value: string): string =>
  JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

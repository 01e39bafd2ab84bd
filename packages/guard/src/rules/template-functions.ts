import { isIP } from 'node:net';
import {
  compareStrings,
  compileRegexp,
  type Milliseconds,
  parseDuration,
  replaceAll,
} from '../core/index.ts';
import { queryEscape, type TemplateFunction } from '../template/index.ts';
import {
  formatGoDuration,
  formatTime,
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  toNumber,
} from './humanize.ts';
import type { RuleSample } from './query.ts';

/** What the functions reach. */
export interface TemplateContext {
  readonly query: (text: string) => readonly RuleSample[];
  /** The evaluation's time. */
  readonly at: Milliseconds;
  readonly externalUrl: string;
}

/** One element of what `query` gives. */
interface TemplateSample {
  readonly Labels: ReadonlyMap<string, string>;
  readonly Value: number;
}

/** Variables that every label and annotation may use. */
export const TEMPLATE_VARIABLES = ['$labels', '$externalLabels', '$externalURL', '$value'] as const;

const text = String;
const samplesOf = (value: unknown) => value as readonly TemplateSample[];

/** The address of the expression's page, relative to the external one. */
const graphPath = (query: string, tab: 0 | 1) => `/graph?g0.expr=${queryEscape(query)}&g0.tab=${tab}`;
export const tableLink = (query: string): string => graphPath(query, 1);

function first(value: unknown): TemplateSample {
  const [sample] = samplesOf(value);
  if (!sample) throw new Error('first() called on vector with no elements');
  return sample;
}

function splitHostPort(address: string): { host: string; port: string } | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(address);
  return match ? { host: match[1] ?? match[2]!, port: match[3]! } : undefined;
}

function stripDomain(address: string): string {
  const { host, port } = splitHostPort(address) ?? { host: address, port: '' };
  if (isIP(host) !== 0) return address;
  const short = host.split('.')[0]!;
  return port === '' ? short : `${short}:${port}`;
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { pathname } = new URL(url);
  return pathname === '/' && !url.endsWith('/') ? '' : pathname;
}

function durationSeconds(value: string): number {
  const duration = parseDuration(value.replace(/^-/, ''));
  if (duration === undefined) throw new Error(`not a valid duration string: ${JSON.stringify(value)}`);
  return ((value.startsWith('-') ? -1 : 1) * duration) / 1000;
}

/** Prometheus's functions for rule templates (template/template.go). `tmpl` exists in console pages only. */
export function templateFunctions(context: TemplateContext): ReadonlyMap<string, TemplateFunction> {
  const table: Record<string, TemplateFunction> = {
    query: expression =>
      context.query(text(expression)).map(({ labels, value }) => ({ Labels: new Map(labels), Value: value })),
    first,
    label: (name, sample) => (sample as TemplateSample).Labels.get(text(name)) ?? '',
    value: sample => (sample as TemplateSample).Value,
    strvalue: sample => (sample as TemplateSample).Labels.get('__value__') ?? '',
    args: (...args) => new Map(args.map((arg, i) => [`arg${i}`, arg])),
    sortByLabel: (name, samples) =>
      samplesOf(samples).toSorted((a, b) =>
        compareStrings(a.Labels.get(text(name)) ?? '', b.Labels.get(text(name)) ?? ''),
      ),
    reReplaceAll: (pattern, replacement, value) =>
      replaceAll(compileRegexp(text(pattern)), text(value), text(replacement)),
    match: (pattern, value) => compileRegexp(text(pattern)).matcher(text(value)).find(),
    safeHtml: text,
    title: value =>
      text(value).replace(
        /(^|[^\p{L}\p{N}_'])(\p{L})/gu,
        (_, before, letter) => before + letter.toUpperCase(),
      ),
    toUpper: value => text(value).toUpperCase(),
    toLower: value => text(value).toLowerCase(),
    graphLink: query => graphPath(text(query), 0),
    tableLink: query => tableLink(text(query)),
    stripPort: address => splitHostPort(text(address))?.host ?? address,
    stripDomain: address => stripDomain(text(address)),
    humanize: value => humanize(toNumber(value)),
    humanize1024: value => humanize1024(toNumber(value)),
    humanizeDuration: value => humanizeDuration(toNumber(value)),
    humanizePercentage: value => humanizePercentage(toNumber(value)),
    humanizeTimestamp: value => {
      const time = toNumber(value);
      return Number.isFinite(time) ? formatTime(time) : humanize(time);
    },
    toTime: value => ({ goString: () => formatTime(toNumber(value)) }),
    toDuration: value => ({ goString: () => formatGoDuration(toNumber(value)) }),
    now: () => context.at / 1000,
    parseDuration: value => durationSeconds(text(value)),
    pathPrefix: () => pathOf(context.externalUrl),
    externalURL: () => context.externalUrl,
    urlQueryEscape: value => queryEscape(text(value)),
  };
  return new Map(Object.entries(table));
}

/** For checking templates before there is anything to query. */
export const TEMPLATE_FUNCTION_NAMES: readonly string[] = [
  ...templateFunctions({ query: () => [], at: 0, externalUrl: '' }).keys(),
];

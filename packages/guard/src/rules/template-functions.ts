import {
  compareStrings,
  compileRegexp,
  type Milliseconds,
  parseDuration,
  replaceAll,
  UserError,
} from '../core/index.ts';
import {
  ANY_MAP,
  createDuration,
  createTime,
  type Parameter,
  queryEscape,
  type TemplateFunction,
  takes,
  takesAny,
  toInt64,
  withType,
} from '../template/index.ts';
import { stripDomain, stripPort } from './host-port.ts';
import { humanize, humanize1024, humanizeDuration, humanizePercentage, toNumber } from './humanize.ts';
import type { RuleSample } from './query.ts';
import { toLower, toTitle, toUpper } from './title-case.ts';

/** What the functions reach. */
export interface TemplateContext {
  readonly query: (text: string) => readonly RuleSample[];
  /** The evaluation's time. */
  readonly at: Milliseconds;
  readonly externalUrl: string;
  readonly budget: QueryBudget;
}

/** One element of what `query` gives. */
interface TemplateSample {
  readonly Labels: ReadonlyMap<string, string>;
  readonly Value: number;
}

/** Variables that every label and annotation may use. */
export const TEMPLATE_VARIABLES = ['$labels', '$externalLabels', '$externalURL', '$value'] as const;

/** Queries of one label or annotation at most: each is answered before the rule goes on. */
const MAX_QUERIES = 1000;

/** Counts down the queries of one expansion. */
export interface QueryBudget {
  left: number;
}

export const fullBudget = (): QueryBudget => ({ left: MAX_QUERIES });

const RESULT = { name: 'template.queryResult' };
const SAMPLE = { name: 'template.sample', isPointer: true };
const result: Parameter = { name: RESULT.name, isNillable: true };
const sample: Parameter = { name: `*${SAMPLE.name}`, isNillable: true };

/** The address of the expression's page, relative to the external one (util/strutil/strconv.go). */
const graphPath = (query: string, tab: 0 | 1) => `/graph?g0.expr=${queryEscape(query)}&g0.tab=${tab}`;
export const tableLink = (query: string): string => graphPath(query, 1);

const elementOf = ({ labels, value }: RuleSample): TemplateSample =>
  withType({ Labels: new Map(labels), Value: value }, SAMPLE);

function countedQuery({ query, budget }: TemplateContext) {
  return (text: string): TemplateSample[] => {
    if (budget.left-- === 0)
      throw new UserError('template-limit', `the template exceeds the limit of ${MAX_QUERIES} for queries`);
    return withType(query(text).map(elementOf), RESULT);
  };
}

function first(samples: readonly TemplateSample[] | null): TemplateSample {
  const [found] = samples ?? [];
  if (!found) throw new Error('first() called on vector with no elements');
  return found;
}

function given(value: TemplateSample | null): TemplateSample {
  if (value === null) throw new Error('invalid memory address or nil pointer dereference');
  return value;
}

const sortByLabel = (name: string, samples: readonly TemplateSample[] | null) =>
  withType(
    (samples ?? []).toSorted((a, b) => compareStrings(a.Labels.get(name) ?? '', b.Labels.get(name) ?? '')),
    RESULT,
  );

function pathOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { pathname } = new URL(url);
  return pathname === '/' && !url.endsWith('/') ? '' : pathname;
}

function durationSeconds(text: string): number {
  const duration = parseDuration(text.replace(/^-/, ''));
  if (duration === undefined) throw new Error(`not a valid duration string: ${JSON.stringify(text)}`);
  return ((text.startsWith('-') ? -1 : 1) * duration) / 1000;
}

/** Nanoseconds that fit in 64 bits, cut to the millisecond (template.go `floatToTime`). */
function timeOf(seconds: number) {
  if (!Number.isFinite(seconds)) throw new Error('value is NaN or Inf');
  const nanoseconds = seconds * 1e9;
  if (Math.abs(nanoseconds) > 2 ** 63)
    throw new Error(`${seconds} cannot be represented as a nanoseconds timestamp since it overflows int64`);
  return createTime((toInt64(nanoseconds) / 1_000_000n) * 1_000_000n);
}

/** Numbers, and texts that hold one. */
const onNumber = (show: (value: number) => unknown) => takes(['any'], value => show(toNumber(value)));

/** Prometheus's functions for rule templates (template/template.go). `tmpl` exists in console pages only. */
export function templateFunctions(context: TemplateContext): ReadonlyMap<string, TemplateFunction> {
  const table: Record<string, TemplateFunction> = {
    query: takes(['string'], countedQuery(context)),
    first: takes([result], first),
    label: takes(['string', sample], (name, of) => given(of).Labels.get(name) ?? ''),
    value: takes([sample], of => given(of).Value),
    strvalue: takes([sample], of => given(of).Labels.get('__value__') ?? ''),
    args: takesAny([], (...args) => withType(new Map(args.map((arg, i) => [`arg${i}`, arg])), ANY_MAP)),
    sortByLabel: takes(['string', result], sortByLabel),
    reReplaceAll: takes(['string', 'string', 'string'], (pattern, replacement, text) =>
      replaceAll(compileRegexp(pattern), text, replacement),
    ),
    match: takes(['string', 'string'], (pattern, text) => compileRegexp(pattern).matcher(text).find()),
    safeHtml: takes(['string'], text => text),
    title: takes(['string'], toTitle),
    toUpper: takes(['string'], toUpper),
    toLower: takes(['string'], toLower),
    graphLink: takes(['string'], query => graphPath(query, 0)),
    tableLink: takes(['string'], tableLink),
    stripPort: takes(['string'], stripPort),
    stripDomain: takes(['string'], stripDomain),
    humanize: onNumber(humanize),
    humanize1024: onNumber(humanize1024),
    humanizeDuration: onNumber(humanizeDuration),
    humanizePercentage: onNumber(humanizePercentage),
    humanizeTimestamp: onNumber(value =>
      Number.isFinite(value) ? timeOf(value).goString() : humanize(value),
    ),
    toTime: onNumber(timeOf),
    toDuration: onNumber(value => createDuration(toInt64(value * 1e9))),
    now: takes([], () => context.at / 1000),
    parseDuration: takes(['string'], durationSeconds),
    pathPrefix: takes([], () => pathOf(context.externalUrl)),
    externalURL: takes([], () => context.externalUrl),
    urlQueryEscape: takes(['string'], queryEscape),
  };
  return new Map(Object.entries(table));
}

/** For checking templates before there is anything to query. */
export const TEMPLATE_FUNCTION_NAMES: readonly string[] = [
  ...templateFunctions({ query: () => [], at: 0, externalUrl: '', budget: fullBudget() }).keys(),
];

import { parseExpr } from '../../promql/index.ts';
import { keepsLabel } from '../kept-labels.ts';
import { JUDGED_OVER, type Query, readQuery } from '../windowed-query.ts';
import { type Context, lookUp, type Place, within } from './context.ts';
import type { MetricFields } from './schema.ts';
import { isPrometheusLike } from './source-types.ts';

/** Names under which tools keep the PromQL of a metric source; the specification leaves it open. */
const QUERY_FIELDS = ['query', 'promql'] as const;

/** The query of a metric; undefined, and told, when it has none that can be asked of a Prometheus. */
export function queryOf(metric: MetricFields, place: Place, context: Context): Query | undefined {
  if (!isAnswered(metric, place, context)) return undefined;
  const { spec } = metric.metricSource;
  const at = within(place, 'metricSource', 'spec');
  const { source, path } = at;
  const { report } = context;
  const given = QUERY_FIELDS.filter(field => typeof spec[field] === 'string');
  const [field] = given;
  if (field === undefined || given.length > 1) {
    report.problem(
      source.problemAt(path, {
        code: field === undefined ? 'missing-field' : 'bad-value',
        message: `give the PromQL as ${QUERY_FIELDS.join(' or ')} in ${path.join('.')}`,
      }),
    );
    return undefined;
  }
  for (const unused of Object.keys(spec).filter(name => name !== field)) {
    report.warning({
      ...source.problemAtKey([...path, unused], {
        code: 'unused-field',
        message: `${unused} means nothing to a Prometheus`,
        remedy: 'remove it, or put it into the query',
      }),
      code: 'unused-field',
    });
  }
  const read = readQuery(spec[field] as string);
  if ('ok' in read) return read.ok;
  const { offset, ...problem } = read.fault;
  report.problem(source.problemInText([...path, field], offset, problem));
  return undefined;
}

/** Tells of labels of the grouping that an expression of the author's sums away; to selectors the generator adds them. */
export function tellDropped(
  query: Query,
  grouping: readonly string[],
  place: Place,
  { report }: Context,
): void {
  if (query.kind === 'selector') return;
  const expr = parseExpr(query.kind === 'windowed' ? query.query.over(JUDGED_OVER) : query.text);
  const { source, path } = within(place, 'metricSource', 'spec', 'query');
  for (const label of grouping.filter(name => !keepsLabel(expr, name))) {
    report.problem(
      source.problemAt(path, {
        code: 'grouping-dropped',
        message: `the expression drops the label ${label}, by which the objective is kept apart`,
        remedy: `write sum by (${grouping.join(', ')}) (…)`,
      }),
    );
  }
}

/** Whether the metric's source answers PromQL. */
function isAnswered({ metricSource }: MetricFields, place: Place, context: Context): boolean {
  const { type, metricSourceRef: name } = metricSource;
  const at = within(place, 'metricSource');
  const types: { readonly type: string; readonly at: Place }[] = [];
  if (type !== undefined) types.push({ type, at: within(at, 'type') });
  if (name !== undefined) {
    const reference = within(at, 'metricSourceRef');
    // Where no source is declared at all, they are declared elsewhere, and the type given here is enough.
    const isElsewhere = type !== undefined && !context.registry.has('DataSource');
    const declared = isElsewhere ? undefined : lookUp('DataSource', { name, ...reference }, context);
    if (declared) types.push({ type: declared.spec.type, at: reference });
    else if (!isElsewhere) return false;
  }
  const foreign = types.find(given => !isPrometheusLike(given.type));
  if (!foreign) return true;
  context.report.problem(
    foreign.at.source.problemAt(foreign.at.path, {
      code: 'unsupported-source',
      message: `a source of type ${foreign.type} does not answer PromQL`,
      remedy: 'only Prometheus and what answers as it does are read: Thanos, Mimir, Cortex, and managed ones',
    }),
  );
  return false;
}

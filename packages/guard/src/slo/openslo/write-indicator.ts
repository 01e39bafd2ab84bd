import { formatDuration, parseDuration, unreachable } from '../../core/index.ts';
import type { GaugeSli, Slo, WindowedQuery } from '../model.ts';
import { readQuery } from '../windowed-query.ts';
import { notInOpenSlo } from './written.ts';

/** The `spec` of an SLI, and what its objective says for it. */
interface Written {
  readonly fields: object;
  readonly objective: object;
}

const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });

export function writtenIndicator(slo: Slo): Written {
  const { sli } = slo;
  switch (sli.kind) {
    case 'ratio':
      return ratio({ counter: true, [sli.counts]: metric(sli.events), total: metric(sli.total) });
    case 'latency':
      return ratio({ counter: true, good: metric(sli.bucket), total: metric(sli.total) });
    case 'native-latency':
      return threshold(sli.histogram, { op: 'lte', value: sli.threshold });
    case 'gauge':
      return threshold(sli.gauge, { op: operatorOf(sli, slo), value: sli.value });
    case 'queries': {
      const [events, total] = [templateOf(sli.events), templateOf(sli.total)];
      // Without templates they are counts that go up and down, which the reader adds up itself.
      return events !== undefined && total !== undefined
        ? ratio({ [sli.counts]: metric(events), total: metric(total) })
        : ratio({ counter: false, [sli.counts]: metric(sli.events.text), total: metric(sli.total.text) });
    }
    case 'raw': {
      const rawType = sli.counts === 'good' ? 'success' : 'failure';
      return ratio({ rawType, raw: metric(templateOf(sli.ratio) ?? sli.ratio.text) });
    }
    default:
      return unreachable(sli);
  }
}

const ratio = (fields: object): Written => ({ fields: { ratioMetric: fields }, objective: {} });

const threshold = (query: string, objective: object): Written => ({
  fields: { thresholdMetric: metric(query) },
  objective,
});

const OPERATORS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const;

function operatorOf({ op }: GaugeSli, slo: Slo) {
  if (op === '==') throw notInOpenSlo(slo, 'that a gauge must equal a value');
  return OPERATORS[op];
}

/** Windows of no query that anybody writes. */
const UNUSUAL = ['1d7h11m13s', '2d3h17m19s'].map(text => parseDuration(text)!);

/** The query with `{{.window}}` where its windows stand; undefined when it does more with the window than print it. */
function templateOf(query: WindowedQuery): string | undefined {
  const [first, second] = UNUSUAL as [number, number];
  const isSame = (text: string) => {
    const read = readQuery(text);
    if (!('ok' in read) || read.ok.kind !== 'windowed') return false;
    return read.ok.query.over(second) === query.over(second);
  };
  const rendered = query.over(first).replaceAll(formatDuration(first), '{{.window}}');
  return [query.text, rendered].find(isSame);
}

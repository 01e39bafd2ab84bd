import { milliseconds } from '../../core/index.ts';
import { printExpr, selectorsOf } from '../../promql/index.ts';
import type { Sli } from '../model.ts';
import { parsedOrUndefined } from './ratio-shape.ts';

/** What a selector of an indicator counts. */
export type Role = 'total' | 'good' | 'bad' | 'part';

export interface Counter {
  readonly role: Role;
  readonly selector: string;
  /** As it stands in the file. */
  readonly text: string;
}

/** The selectors of an indicator. Those of an author's own queries are `part`s: what they count is not known. */
export function countersOf(sli: Sli): Counter[] {
  const plain = (role: Role, selector: string): Counter => ({ role, selector, text: selector });
  switch (sli.kind) {
    case 'ratio':
      return [plain('total', sli.total), plain(sli.counts, sli.events)];
    case 'latency':
      return [plain('total', sli.total), plain('good', sli.bucket)];
    case 'native-latency':
      return [plain('total', sli.histogram)];
    case 'gauge':
      return [plain('total', sli.gauge)];
    case 'queries':
      return [
        ...partsOf(sli.total.over(WINDOW), sli.total.text, 'part'),
        ...partsOf(sli.events.over(WINDOW), sli.events.text, sli.counts),
      ];
    case 'raw':
      return partsOf(sli.ratio.over(WINDOW), sli.ratio.text, 'part');
  }
}

/** An expression of all events a second over a window, when the indicator has one. */
export function totalRateOf(sli: Sli, window: string, by: readonly string[]): string | undefined {
  const grouped = by.length === 0 ? '' : ` by (${by.join(', ')}) `;
  switch (sli.kind) {
    case 'ratio':
    case 'latency':
      return `sum${grouped}(rate(${sli.total}[${window}]))`;
    case 'native-latency':
      return `sum${grouped}(histogram_count(rate(${sli.histogram}[${window}])))`;
    case 'queries':
    case 'raw':
    case 'gauge':
      return undefined;
  }
}

const WINDOW = milliseconds(300_000);

const partsOf = (query: string, text: string, role: Role): Counter[] => {
  const expr = parsedOrUndefined(query);
  const selectors = expr
    ? selectorsOf(expr).map(({ selector }) => ({ ...selector, offset: undefined, at: undefined }))
    : [];
  return [...new Set(selectors.map(printExpr))].map(selector => ({ role, selector, text }));
};

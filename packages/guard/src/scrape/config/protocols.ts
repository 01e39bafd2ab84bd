import type { ExpositionFormat } from '../../exposition/index.ts';

/** A format that targets are asked for. */
export type ScrapeProtocol =
  | 'OpenMetricsText1.0.0'
  | 'OpenMetricsText0.0.1'
  | 'PrometheusText1.0.0'
  | 'PrometheusText0.0.4';

interface ProtocolFacts {
  readonly mediaType: string;
  readonly format: ExpositionFormat;
  /** Whether the format knows other characters in names than those of old, so that the request says how to escape them. */
  readonly escapes: boolean;
}

/** config/config.go ScrapeProtocolsHeaders, as far as it is read here. */
export const PROTOCOLS: Readonly<Record<ScrapeProtocol, ProtocolFacts>> = {
  'OpenMetricsText1.0.0': {
    mediaType: 'application/openmetrics-text;version=1.0.0',
    format: 'openmetrics',
    escapes: true,
  },
  'OpenMetricsText0.0.1': {
    mediaType: 'application/openmetrics-text;version=0.0.1',
    format: 'openmetrics',
    escapes: false,
  },
  'PrometheusText1.0.0': { mediaType: 'text/plain;version=1.0.0', format: 'text', escapes: true },
  'PrometheusText0.0.4': { mediaType: 'text/plain;version=0.0.4', format: 'text', escapes: false },
};

/** Most wanted first. */
export const DEFAULT_PROTOCOLS: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
];

/** Formats that a real Prometheus knows besides. */
export const OTHER_PROTOCOLS: readonly string[] = ['PrometheusProto', 'OpenMetricsText2.0.0'];

/** How names with other characters are escaped by the target: prometheus/common model.EscapingScheme. */
export const ESCAPING_SCHEMES = ['allow-utf-8', 'underscores', 'dots', 'values'] as const;
export type EscapingScheme = (typeof ESCAPING_SCHEMES)[number];

/** Prometheus weighs from the number of protocols it knows and one, in tenths. */
const FIRST_WEIGHT = 7;

/** The Accept header of a scrape (scrape/scrape.go acceptHeader). */
export function acceptHeader(protocols: readonly ScrapeProtocol[], escaping: EscapingScheme): string {
  const wanted = protocols.map((protocol, index) => {
    const { mediaType, escapes } = PROTOCOLS[protocol];
    return `${mediaType}${escapes ? `;escaping=${escaping}` : ''};q=0.${FIRST_WEIGHT - index}`;
  });
  return [...wanted, `*/*;q=0.${FIRST_WEIGHT - protocols.length}`].join(',');
}

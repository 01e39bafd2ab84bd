import { WireType } from '@bufbuild/protobuf/wire';
import { DEFAULT_OTLP_LIMITS, type OtlpLimits, takeBucket, takeItem, takePoint } from './limits.ts';
import type {
  ExponentialPoint,
  HistogramPoint,
  Metric,
  MetricData,
  NumberPoint,
  OtlpExemplar,
  OtlpNumber,
  ResourceMetrics,
  ScopeMetrics,
  SummaryPoint,
} from './metrics-model.ts';
import { type Attribute, EMPTY_RESOURCE, EMPTY_SCOPE } from './model.ts';
import { readAttribute, readResource, readScope } from './protobuf-attributes.ts';
import {
  bool,
  type Draft,
  double,
  type Fields,
  fixed64,
  type Input,
  int32,
  openInput,
  put,
  type ReadField,
  readFields,
  readMessage,
  readSpanId,
  readTraceId,
  refusingBadBytes,
  sfixed64,
  text,
  uint32,
} from './protobuf-reader.ts';

const { Varint, Bit64, LengthDelimited } = WireType;

const readValueAs =
  (read: (input: Input) => OtlpNumber): ReadField<{ value: OtlpNumber }> =>
  (input, to) => {
    to.value = read(input);
  };
const asDouble = readValueAs(double);
const asInteger = readValueAs(sfixed64);

const pushPointAttribute: ReadField<{ attributes: Attribute[] }> = (input, to) => {
  to.attributes.push(readAttribute(input));
};

const EXEMPLAR: Fields<Draft<OtlpExemplar>> = {
  2: [Bit64, put('timeUnixNano', fixed64)],
  3: [Bit64, asDouble],
  4: [LengthDelimited, put('spanId', readSpanId)],
  5: [LengthDelimited, put('traceId', readTraceId)],
  6: [Bit64, asInteger],
  7: [
    LengthDelimited,
    (input, to) => {
      to.filteredAttributes.push(readAttribute(input));
    },
  ],
};

const pushExemplar: ReadField<{ exemplars: OtlpExemplar[] }> = (input, to) => {
  takeItem(input.budget);
  const exemplar = { filteredAttributes: [], timeUnixNano: 0n, value: undefined, spanId: '', traceId: '' };
  to.exemplars.push(readMessage<Draft<OtlpExemplar>>(input, EXEMPLAR, exemplar));
};

/** A list of numbers of eight bytes, packed or not. */
function pushNumbers<K extends string, V>(
  key: K,
  read: (input: Input) => V,
): ReadField<{ [name in K]: V[] }> {
  return (input, to, wireType) => {
    const { reader, budget } = input;
    const end = wireType === LengthDelimited ? reader.uint32() + reader.pos : reader.pos + 8;
    while (reader.pos < end) {
      takeBucket(budget);
      to[key].push(read(input));
    }
  };
}
const NUMBERS = [Bit64, LengthDelimited] as const;

const NUMBER_POINT: Fields<Draft<NumberPoint>> = {
  2: [Bit64, put('startTimeUnixNano', fixed64)],
  3: [Bit64, put('timeUnixNano', fixed64)],
  4: [Bit64, asDouble],
  5: [LengthDelimited, pushExemplar],
  6: [Bit64, asInteger],
  7: [LengthDelimited, pushPointAttribute],
  8: [Varint, put('flags', uint32)],
};
const HISTOGRAM_POINT: Fields<Draft<HistogramPoint>> = {
  2: [Bit64, put('startTimeUnixNano', fixed64)],
  3: [Bit64, put('timeUnixNano', fixed64)],
  4: [Bit64, put('count', fixed64)],
  5: [Bit64, put('sum', double)],
  6: [NUMBERS, pushNumbers('bucketCounts', fixed64)],
  7: [NUMBERS, pushNumbers('explicitBounds', double)],
  8: [LengthDelimited, pushExemplar],
  9: [LengthDelimited, pushPointAttribute],
  10: [Varint, put('flags', uint32)],
};
const EXPONENTIAL_POINT: Fields<Draft<ExponentialPoint>> = { 3: [Bit64, put('timeUnixNano', fixed64)] };
const QUANTILE: Fields<{ quantile: number; value: number }> = {
  1: [Bit64, put('quantile', double)],
  2: [Bit64, put('value', double)],
};
const SUMMARY_POINT: Fields<Draft<SummaryPoint>> = {
  2: [Bit64, put('startTimeUnixNano', fixed64)],
  3: [Bit64, put('timeUnixNano', fixed64)],
  4: [Bit64, put('count', fixed64)],
  5: [Bit64, put('sum', double)],
  6: [
    LengthDelimited,
    (input, to) => {
      takeBucket(input.budget);
      to.quantileValues.push(readMessage(input, QUANTILE, { quantile: 0, value: 0 }));
    },
  ],
  7: [LengthDelimited, pushPointAttribute],
  8: [Varint, put('flags', uint32)],
};

const emptyPoint = () => ({ attributes: [], startTimeUnixNano: 0n, timeUnixNano: 0n, flags: 0 });

const readNumberPoint = (input: Input) =>
  readMessage<Draft<NumberPoint>>(input, NUMBER_POINT, { ...emptyPoint(), value: undefined, exemplars: [] });
const readHistogramPoint = (input: Input) =>
  readMessage<Draft<HistogramPoint>>(input, HISTOGRAM_POINT, {
    ...emptyPoint(),
    count: 0n,
    sum: undefined,
    bucketCounts: [],
    explicitBounds: [],
    exemplars: [],
  });
const readExponentialPoint = (input: Input) =>
  readMessage<Draft<ExponentialPoint>>(input, EXPONENTIAL_POINT, { timeUnixNano: 0n });
const readSummaryPoint = (input: Input) =>
  readMessage<Draft<SummaryPoint>>(input, SUMMARY_POINT, {
    ...emptyPoint(),
    count: 0n,
    sum: 0,
    quantileValues: [],
  });

/** What the messages `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram` and `Summary` share. */
interface DataDraft<P> {
  points: P[];
  temporality: number;
  isMonotonic: boolean;
}

function dataFields<P>(readPoint: (input: Input) => P): Fields<DataDraft<P>> {
  return {
    1: [
      LengthDelimited,
      (input, to) => {
        takePoint(input.budget);
        to.points.push(readPoint(input));
      },
    ],
    2: [Varint, put('temporality', int32)],
    3: [Varint, put('isMonotonic', bool)],
  };
}

const GAUGE = dataFields(readNumberPoint);
const SUM = dataFields(readNumberPoint);
const HISTOGRAM = dataFields(readHistogramPoint);
const EXPONENTIAL = dataFields(readExponentialPoint);
const SUMMARY = dataFields(readSummaryPoint);

type MetricDraft = Draft<Omit<Metric, 'data'>> & { data: MetricData };

/** Of the messages that hold a metric's data the last one holds. */
function readData<P>(
  fields: Fields<DataDraft<P>>,
  type: MetricData['type'],
): readonly [WireType, ReadField<MetricDraft>] {
  return [
    LengthDelimited,
    (input, to) => {
      const data = readMessage<DataDraft<P>>(input, fields, {
        points: [],
        temporality: 0,
        isMonotonic: false,
      });
      to.data = { type, ...data } as unknown as MetricData;
    },
  ];
}

const METRIC: Fields<MetricDraft> = {
  1: [LengthDelimited, put('name', text)],
  2: [LengthDelimited, put('description', text)],
  3: [LengthDelimited, put('unit', text)],
  5: readData(GAUGE, 'gauge'),
  7: readData(SUM, 'sum'),
  9: readData(HISTOGRAM, 'histogram'),
  10: readData(EXPONENTIAL, 'exponential-histogram'),
  11: readData(SUMMARY, 'summary'),
};

const SCOPE_METRICS: Fields<Draft<ScopeMetrics>> = {
  1: [
    LengthDelimited,
    (input, to) => {
      to.scope = readScope(input);
    },
  ],
  2: [
    LengthDelimited,
    (input, to) => {
      takeItem(input.budget);
      const metric: MetricDraft = { name: '', description: '', unit: '', data: { type: 'none', points: [] } };
      to.metrics.push(readMessage(input, METRIC, metric));
    },
  ],
  3: [LengthDelimited, put('schemaUrl', text)],
};
const RESOURCE_METRICS: Fields<Draft<ResourceMetrics>> = {
  1: [
    LengthDelimited,
    (input, to) => {
      to.resource = readResource(input);
    },
  ],
  2: [
    LengthDelimited,
    (input, to) => {
      takeItem(input.budget);
      const scopeMetrics: Draft<ScopeMetrics> = { scope: EMPTY_SCOPE, schemaUrl: '', metrics: [] };
      to.scopeMetrics.push(readMessage(input, SCOPE_METRICS, scopeMetrics));
    },
  ],
  3: [LengthDelimited, put('schemaUrl', text)],
};
const REQUEST: Fields<ResourceMetrics[]> = {
  1: [
    LengthDelimited,
    (input, to) => {
      takeItem(input.budget);
      const group: Draft<ResourceMetrics> = { resource: EMPTY_RESOURCE, schemaUrl: '', scopeMetrics: [] };
      to.push(readMessage(input, RESOURCE_METRICS, group));
    },
  ],
};

/**
 * Decodes an `ExportMetricsServiceRequest` in protobuf's binary form. The body is not kept. Throws a UserError with
 * code `otlp-malformed` or `otlp-too-large`.
 */
export function decodeMetricsProtobuf(
  body: Uint8Array,
  limits: OtlpLimits = DEFAULT_OTLP_LIMITS,
): readonly ResourceMetrics[] {
  const input = openInput(body, limits);
  return refusingBadBytes('ExportMetricsServiceRequest', input, () =>
    readFields<ResourceMetrics[]>(input, input.reader.len, REQUEST, []),
  );
}

import type { OtlpLimits } from './limits.ts';
import type { AnyValue, Attribute, ResourceSpans, Span } from './model.ts';
import type { PartialSuccess } from './responses.ts';

/** A request's spans after those that can never be stored were taken out. */
export interface Sifted {
  readonly resourceSpans: readonly ResourceSpans[];
  readonly accepted: number;
  readonly rejected: PartialSuccess | undefined;
}

const isZero = (id: string) => /^0*$/.test(id);

function textLength(value: AnyValue): number {
  switch (value.type) {
    case 'string':
    case 'bytes':
      return value.value.length;
    case 'array':
      return value.value.reduce((sum, item) => sum + textLength(item), 0);
    case 'map':
      return value.value.reduce((sum, item) => sum + item.key.length + textLength(item.value), 0);
    default:
      return 0;
  }
}

function attributesProblem(
  attributes: readonly Attribute[],
  owner: string,
  limits: OtlpLimits,
): string | undefined {
  if (attributes.length > limits.maxAttributes)
    return `${owner} has ${attributes.length} attributes (limit maxAttributes is ${limits.maxAttributes})`;
  for (const { key, value } of attributes) {
    if (key.length > limits.maxKeyLength)
      return `${owner} has an attribute key of ${key.length} characters (limit maxKeyLength is ${limits.maxKeyLength})`;
    const length = textLength(value);
    if (length > limits.maxTextLength)
      return `attribute ${JSON.stringify(key)} of ${owner} has ${length} characters (limit maxTextLength is ${limits.maxTextLength})`;
  }
  return undefined;
}

function nameProblem(name: string, owner: string, { maxTextLength }: OtlpLimits): string | undefined {
  return name.length > maxTextLength
    ? `${owner} has a name of ${name.length} characters (limit maxTextLength is ${maxTextLength})`
    : undefined;
}

function spanProblem(span: Span, limits: OtlpLimits): string | undefined {
  if (isZero(span.traceId)) return 'a span has no trace id';
  if (isZero(span.spanId)) return `a span of trace ${span.traceId} has no span id`;
  const owner = `span ${span.spanId}`;
  const problem =
    nameProblem(span.name, owner, limits) ??
    nameProblem(span.status.message, `the status of ${owner}`, limits) ??
    attributesProblem(span.attributes, owner, limits);
  if (problem) return problem;
  for (const event of span.events) {
    const found =
      nameProblem(event.name, `an event of ${owner}`, limits) ??
      attributesProblem(event.attributes, `an event of ${owner}`, limits);
    if (found) return found;
  }
  for (const link of span.links) {
    const found = attributesProblem(link.attributes, `a link of ${owner}`, limits);
    if (found) return found;
  }
  return undefined;
}

/**
 * Takes out spans without ids and those beyond the limits of names and attributes: OTLP's partial success, which
 * senders do not retry. The reason given is that of the first.
 */
export function siftSpans(resourceSpans: readonly ResourceSpans[], limits: OtlpLimits): Sifted {
  let accepted = 0;
  let rejectedSpans = 0;
  let errorMessage = '';
  const keep = (spans: readonly Span[], ownerProblem: string | undefined): readonly Span[] => {
    const kept = spans.filter(span => {
      const problem = ownerProblem ?? spanProblem(span, limits);
      errorMessage ||= problem ?? '';
      return problem === undefined;
    });
    accepted += kept.length;
    rejectedSpans += spans.length - kept.length;
    return kept;
  };
  const sifted = resourceSpans.map(group => {
    const groupProblem = attributesProblem(group.resource.attributes, 'a resource', limits);
    const scopeSpans = group.scopeSpans.map(scoped => {
      const scopeProblem = groupProblem ?? attributesProblem(scoped.scope.attributes, 'a scope', limits);
      return { ...scoped, spans: keep(scoped.spans, scopeProblem) };
    });
    return { ...group, scopeSpans };
  });
  const rejected = rejectedSpans > 0 ? { rejected: rejectedSpans, errorMessage } : undefined;
  return { resourceSpans: rejected ? sifted : resourceSpans, accepted, rejected };
}

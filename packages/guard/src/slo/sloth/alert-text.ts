import type { Warning } from '../warnings.ts';
import type { SlothSlo, SlothSpec } from './spec.ts';

interface AlertText {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
}

type Texts = Readonly<Record<string, string>>;

/** Set by the generator on each alert. */
const RESERVED = new Set(['service', 'slo', 'severity', 'alertname']);
const CLASSIC = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * What all alerts of an SLO carry: its own labels, and what page and ticket have alike. The rest is not lost silently,
 * but told.
 */
export function alertText(spec: SlothSpec, slo: SlothSlo): AlertText {
  const { page, ticket } = slo;
  const labels = alike(page?.labels ?? ticket?.labels ?? {}, ticket?.labels ?? page?.labels ?? {});
  const annotations = alike(
    page?.annotations ?? ticket?.annotations ?? {},
    ticket?.annotations ?? page?.annotations ?? {},
  );
  const wanted = { ...slo.labels, ...labels };
  const carried = Object.fromEntries(
    Object.entries(wanted).filter(([name]) => !RESERVED.has(name) && CLASSIC.test(name)),
  );
  const left = new Set([
    ...leftOut(wanted, carried),
    ...[page, ticket].flatMap(alert => (alert ? leftOut(alert.labels, carried) : [])),
    ...[page, ticket].flatMap(alert => (alert ? leftOut(alert.annotations, annotations) : [])),
  ]);
  return { labels: carried, annotations, warnings: left.size > 0 ? [notCarried(spec, slo, [...left])] : [] };
}

const alike = (a: Texts, b: Texts): Texts =>
  Object.fromEntries(Object.entries(a).filter(([name, value]) => b[name] === value));

const leftOut = (all: Texts, carried: Texts): string[] =>
  Object.keys(all).filter(name => all[name] !== carried[name]);

const notCarried = ({ source }: SlothSpec, slo: SlothSlo, names: readonly string[]): Warning =>
  source.problemAt([...slo.path, 'alerting'], {
    code: 'not-carried-over',
    message: `not on the native alerts: ${[...names].sort().join(', ')}; they are set by the generator, or differ between page and ticket`,
    remedy: 'route by the label severity (page or ticket), or generate with --compat sloth',
  }) as Warning;

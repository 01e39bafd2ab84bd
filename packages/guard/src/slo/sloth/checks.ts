import type { Path, YamlSource } from '../../config/index.ts';
import { messageOf, type Problem } from '../../core/index.ts';
import { parseExpr } from '../../promql/index.ts';
import { compileQuery, WINDOW_VARIABLE } from './query.ts';
import type { SlothAlert, SlothForm, SlothSlo } from './spec.ts';

/** Where things stand in each form. */
interface Places {
  readonly service: Path;
  readonly labels: Path;
  /** From an SLO. */
  readonly queries: { readonly ratio: Path; readonly error: Path; readonly total: Path };
  readonly pageAlert: string;
  readonly ticketAlert: string;
}

const OPENSLO_QUERY = ['ratioMetrics', 'good', 'query'];

const PLACES: Readonly<Record<SlothForm | 'openslo/v1alpha', Places>> = {
  'prometheus/v1': {
    service: ['service'],
    labels: ['labels'],
    queries: {
      ratio: ['sli', 'raw', 'error_ratio_query'],
      error: ['sli', 'events', 'error_query'],
      total: ['sli', 'events', 'total_query'],
    },
    pageAlert: 'page_alert',
    ticketAlert: 'ticket_alert',
  },
  'sloth.slok.dev/v1': {
    service: ['spec', 'service'],
    labels: ['spec', 'labels'],
    queries: {
      ratio: ['sli', 'raw', 'errorRatioQuery'],
      error: ['sli', 'events', 'errorQuery'],
      total: ['sli', 'events', 'totalQuery'],
    },
    pageAlert: 'pageAlert',
    ticketAlert: 'ticketAlert',
  },
  'openslo/v1alpha': {
    service: ['spec', 'service'],
    labels: ['spec', 'labels'],
    queries: { ratio: OPENSLO_QUERY, error: OPENSLO_QUERY, total: ['ratioMetrics', 'total', 'query'] },
    pageAlert: '',
    ticketAlert: '',
  },
};

/** Sloth's `NameRegexp`: two characters at least. */
const NAME = /^[A-Za-z0-9][-A-Za-z0-9_.]*[A-Za-z0-9]$/;
const NAME_RULE = 'two or more letters, digits, ".", "_" and "-", the first and the last a letter or digit';

type Report = (path: Path, code: string, message: string, remedy?: string) => void;

interface CheckedSpec {
  readonly form: keyof typeof PLACES;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly slos: readonly SlothSlo[];
  readonly source: YamlSource;
}

/** What Sloth 0.16 refuses beyond the shape (pkg/common/validation/slo.go), all at once. */
export function specProblems(spec: CheckedSpec): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, code, message, remedy) =>
    problems.push(spec.source.problemAt(path, { code, message, ...(remedy ? { remedy } : {}) }));
  const places = PLACES[spec.form];
  if (!NAME.test(spec.service)) report(places.service, 'bad-name', `a service's name is ${NAME_RULE}`);
  checkLabels(spec.labels, places.labels, report);
  const seen = new Set<string>();
  for (const slo of spec.slos) {
    if (!NAME.test(slo.name)) report([...slo.path, 'name'], 'bad-name', `an SLO's name is ${NAME_RULE}`);
    if (seen.has(slo.name))
      report([...slo.path, 'name'], 'duplicate-slo', `${spec.service} has another SLO named ${slo.name}`);
    seen.add(slo.name);
    if (!(slo.objective > 0 && slo.objective <= 100))
      report(
        [...slo.path, 'objective'],
        'bad-objective',
        'an objective is a percentage above 0, at most 100',
      );
    const own = Object.entries(slo.labels).filter(([name, value]) => spec.labels[name] !== value);
    checkLabels(Object.fromEntries(own), [...slo.path, 'labels'], report);
    checkSli(slo, places, report);
    checkAlerts(slo, places, report);
  }
  return problems;
}

function checkLabels(labels: Readonly<Record<string, string>>, path: Path, report: Report): void {
  for (const [name, value] of Object.entries(labels)) {
    if (name === '__name__' || name === '')
      report([...path, name], 'bad-label', `${JSON.stringify(name)} cannot be a label here`);
    if (value === '') report([...path, name], 'bad-label', `label ${name} has no value`);
  }
}

function checkSli({ sli, path }: SlothSlo, { queries }: Places, report: Report): void {
  if (sli.kind === 'raw') {
    checkQuery(sli.errorRatioQuery, [...path, ...queries.ratio], report);
    return;
  }
  const errorPath = [...path, ...queries.error];
  if (sli.errorQuery === sli.totalQuery)
    report(errorPath, 'bad-value', 'the error query is the total query: the error ratio would always be 1');
  checkQuery(sli.errorQuery, errorPath, report);
  checkQuery(sli.totalQuery, [...path, ...queries.total], report);
}

/** Sloth renders it for this window to see whether it is PromQL. */
const TRIAL_WINDOW = '1m';

function checkQuery(query: string, path: Path, report: Report): void {
  if (!WINDOW_VARIABLE.test(query)) {
    report(
      path,
      'missing-window',
      'the query does not contain {{.window}}',
      'write the range as [{{.window}}]',
    );
    return;
  }
  try {
    parseExpr(compileQuery(query)(TRIAL_WINDOW));
  } catch (error) {
    report(path, 'bad-query', `with ${TRIAL_WINDOW} for {{.window}} the query fails: ${messageOf(error)}`);
  }
}

function checkAlerts({ page, ticket, path }: SlothSlo, places: Places, report: Report): void {
  const at = [...path, 'alerting'];
  if ((page ?? ticket)?.name === '')
    report([...at, 'name'], 'missing-field', 'alerting needs a name', 'or disable both of its alerts');
  if (page) checkAlert(page, at, places.pageAlert, report);
  if (ticket) checkAlert(ticket, at, places.ticketAlert, report);
}

function checkAlert({ labels, annotations }: SlothAlert, at: Path, key: string, report: Report): void {
  checkLabels(labels, [...at, key, 'labels'], report);
  for (const [name, value] of Object.entries(annotations)) {
    if (value === '')
      report([...at, key, 'annotations', name], 'bad-annotation', `annotation ${name} has no text`);
  }
}

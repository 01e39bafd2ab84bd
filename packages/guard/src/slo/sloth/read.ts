import { checkShape, type YamlSource } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import type { ReadResult } from '../format.ts';
import { specProblems } from './checks.ts';
import { pluginProblems } from './plugins.ts';
import { PROMETHEUS_V1, SERVICE_LEVEL_V1, type WrittenAlert, type WrittenSlo } from './schema.ts';
import { type SlothAlert, type SlothSli, type SlothSlo, type SlothSpec, slosPath } from './spec.ts';
import type { Written } from './written.ts';

/** One document of either form, or every problem of it. */
export function readSloth(source: YamlSource): ReadResult<SlothSpec> {
  try {
    const written = writtenOf({ ...source, value: source.goValue() });
    const plugins = pluginProblems(written, source);
    if (plugins.length > 0) return { documents: [], problems: plugins };
    const spec = specOf(written, source);
    const problems = specProblems(spec);
    return { documents: problems.length > 0 ? [] : [spec], problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}

function writtenOf(source: YamlSource): Written {
  if ((source.value as { version?: unknown }).version !== undefined) {
    const { service, labels = {}, slos, slo_plugins } = checkShape(PROMETHEUS_V1, source);
    const hasPlugins = (slo_plugins?.chain?.length ?? 0) > 0;
    return { form: 'prometheus/v1', service, labels, slos, metadata: undefined, hasPlugins };
  }
  const { spec, metadata } = checkShape(SERVICE_LEVEL_V1, source);
  return {
    form: 'sloth.slok.dev/v1',
    service: spec.service,
    labels: spec.labels ?? {},
    slos: spec.slos,
    metadata: {
      name: metadata?.name ?? '',
      namespace: metadata?.namespace,
      labels: metadata?.labels ?? {},
      annotations: metadata?.annotations ?? {},
    },
    hasPlugins: (spec.sloPlugins?.chain?.length ?? 0) > 0,
  };
}

function specOf({ form, service, labels, slos, metadata }: Written, source: YamlSource): SlothSpec {
  return {
    form,
    service,
    labels,
    metadata,
    source,
    slos: slos.map((slo, i): SlothSlo => {
      const { alerting = {} } = slo;
      const alertOf = (alert: WrittenAlert | undefined): SlothAlert | undefined =>
        alert?.disable
          ? undefined
          : {
              name: alerting.name ?? '',
              labels: { ...alerting.labels, ...alert?.labels },
              annotations: { ...alerting.annotations, ...alert?.annotations },
            };
      return {
        name: slo.name,
        description: slo.description ?? '',
        objective: slo.objective,
        labels: { ...labels, ...slo.labels },
        sli: sliOf(slo.sli),
        page: alertOf(alerting.pageAlert),
        ticket: alertOf(alerting.ticketAlert),
        path: [...slosPath(form), i],
      };
    }),
  };
}

/** Exactly one is given; that of a plugin is refused before. */
const sliOf = ({ events, raw }: WrittenSlo['sli']): SlothSli =>
  events ? { kind: 'events', ...events } : { kind: 'raw', errorRatioQuery: raw?.errorRatioQuery ?? '' };

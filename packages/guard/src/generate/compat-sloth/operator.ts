import type { SlothMetadata } from '../../slo/index.ts';
import { printResource } from '../compat-yaml.ts';
import type { SlothGroup } from './generate.ts';

/** The resource of the Prometheus operator that Sloth makes of a `PrometheusServiceLevel`. */
export const prometheusRule = (
  { name, namespace, labels, annotations }: SlothMetadata,
  groups: readonly SlothGroup[],
): string =>
  printResource(
    {
      annotations,
      labels: { ...labels, 'app.kubernetes.io/component': 'SLO', 'app.kubernetes.io/managed-by': 'sloth' },
      name,
      namespace,
    },
    groups,
  );

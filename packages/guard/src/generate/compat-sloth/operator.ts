import type { SlothMetadata } from '../../slo/index.ts';
import { inOrder } from '../compat-yaml.ts';
import type { SlothGroup } from './generate.ts';

/** The resource of the Prometheus operator that Sloth makes of a `PrometheusServiceLevel`. */
export const prometheusRule = (
  { name, namespace, labels, annotations }: SlothMetadata,
  groups: readonly SlothGroup[],
): object => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: {
    ...(Object.keys(annotations).length > 0 && { annotations: inOrder(annotations) }),
    labels: inOrder({
      ...labels,
      'app.kubernetes.io/component': 'SLO',
      'app.kubernetes.io/managed-by': 'sloth',
    }),
    ...(name !== '' && { name }),
    ...(namespace !== undefined && namespace !== '' && { namespace }),
  },
  spec: { groups },
});

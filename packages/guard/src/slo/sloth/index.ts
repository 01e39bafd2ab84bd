import type { SloFormat } from '../format.ts';
import { readDocument, type SlothDocument } from './document.ts';
import { isSloth } from './inputs.ts';
import { toSlos } from './to-slos.ts';

export {
  type AlertWindow,
  type AlertWindows,
  BUILT_IN_WINDOWS,
  burnFactor,
  hoursOf,
  readAlertWindows,
} from './alert-windows.ts';
export { readSlothInputs } from './inputs.ts';
export type { SlothOpenSlo } from './openslo-v1alpha.ts';
export { compileQuery } from './query.ts';
export type { SlothAlert, SlothForm, SlothMetadata, SlothSli, SlothSlo, SlothSpec } from './spec.ts';

/** Sloth 0.16 (github.com/slok/sloth). */
export const SLOTH: SloFormat<SlothDocument> = {
  title: 'Sloth',
  header:
    'version: prometheus/v1; apiVersion: sloth.slok.dev/v1 with kind: PrometheusServiceLevel or AlertWindows',
  recognises: document =>
    isSloth(document) || (document.apiVersion === 'sloth.slok.dev/v1' && document.kind === 'AlertWindows'),
  read: readDocument,
  toSlos,
};

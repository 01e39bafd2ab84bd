import { formatDuration, type Milliseconds, UserError } from '../../core/index.ts';
import type { Slo } from '../model.ts';

/** As the reader takes durations: `30d`, `1d12h`. */
export const writtenDuration = (length: Milliseconds): string => formatDuration(length);

/** The problem of an SLO that OpenSLO cannot hold. */
export const notInOpenSlo = ({ service, name, source }: Slo, what: string): UserError =>
  new UserError('not-in-openslo', `${service}/${name}: OpenSLO has no way to say ${what}`, {
    position: source,
  });

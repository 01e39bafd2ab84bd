import { UserError } from '../core/index.ts';
import type { Slo } from '../slo/index.ts';

/** Those that are asked for as `service/name` or `name`; all when none is. @throws UserError `unknown-slo` */
export function chosenSlos(slos: readonly Slo[], wanted: readonly string[]): readonly Slo[] {
  const matches = ({ service, name }: Slo, text: string) => text === name || text === `${service}/${name}`;
  const missing = wanted.find(text => !slos.some(slo => matches(slo, text)));
  if (missing !== undefined)
    throw new UserError('unknown-slo', `--slo: there is no ${JSON.stringify(missing)}`, {
      remedy: `known here: ${slos.map(({ service, name }) => `${service}/${name}`).join(', ') || 'none'}`,
    });
  return wanted.length === 0 ? slos : slos.filter(slo => wanted.some(text => matches(slo, text)));
}

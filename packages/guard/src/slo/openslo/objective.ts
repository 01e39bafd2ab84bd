import { formatFloat, ofPercent, type Ratio, toPercent } from '../../core/index.ts';
import { pascal, slug } from './names.ts';
import type { DocumentOf } from './read.ts';
import type { ObjectiveFields } from './schema.ts';
import type { ServiceFacts } from './service.ts';

export const targetOf = ({ target, targetPercent }: ObjectiveFields): Ratio =>
  target ?? ofPercent(targetPercent!);

/** What one objective of an SLO is called. */
export interface Names {
  readonly name: string;
  readonly displayName: string;
  readonly alertPrefix: string;
  readonly recordAlias: string | undefined;
}

/**
 * An only objective has the SLO's name. Of several, each adds its displayName or else its target, so that its name stays
 * when others are added or moved: `orders-good`, `orders-99.9`.
 */
export function namesOf(
  { metadata, spec }: DocumentOf<'SLO'>,
  objective: ObjectiveFields,
  service: ServiceFacts,
): Names {
  const { name, displayName = `${service.displayName} ${name}`, annotations } = metadata;
  const alertName = annotations['slo-guard/alert-name'];
  const alias = annotations['slo-guard/record-alias'];
  const alerts = (whole: string) => `SLO${pascal(service.label)}${pascal(whole)}BudgetBurn`;
  if (spec.objectives.length === 1)
    return { name, displayName, alertPrefix: alertName ?? alerts(name), recordAlias: alias };
  const percent = formatFloat(toPercent(targetOf(objective)));
  const part = slug(objective.displayName ?? '') || percent;
  return {
    name: `${name}-${part}`,
    displayName: `${displayName} (${objective.displayName ?? `${percent} %`})`,
    alertPrefix: alertName === undefined ? alerts(`${name}-${part}`) : `${alertName}${pascal(part)}`,
    recordAlias: alias && `${alias}_${part.replace(/[^a-z0-9]/g, '_')}`,
  };
}

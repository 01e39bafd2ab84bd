import type { SloModel } from '../slo/index.ts';
import { generatedHeader, sourcesOf } from './header.ts';
import { printGroups, printScalar } from './print-rules.ts';
import { type RuleFileOptions, ruleGroups } from './rule-file.ts';

/** A rule namespace as `mimirtool rules load` and `cortextool` take it; also of Grafana Cloud. */
export const ruleNamespace = (
  namespace: string,
  model: Pick<SloModel, 'slos'>,
  options: RuleFileOptions = {},
): string =>
  `${generatedHeader(sourcesOf(model.slos))}namespace: ${printScalar(namespace)}\n${printGroups(ruleGroups(model, options))}`;

import { z } from 'zod';
import { durationField, type Path, textField, type YamlSource } from '../../config/index.ts';
import { milliseconds, type Problem } from '../../core/index.ts';
import { checkHttpClient, httpClientConfig, httpClientFields } from '../../http-client/index.ts';
import type { NameValidation } from '../name-validation.ts';
import type { RelabelRule } from '../relabel/relabel.ts';
import { relabelRuleField } from '../relabel/rule-field.ts';
import { discoveryConfigs, discoveryFields, refuseUrls } from './discovery-fields.ts';
import { ruleProblems } from './job-checks.ts';
import type { AlertingConfig } from './types.ts';

const alertmanagerField = z
  .strictObject({
    scheme: z.enum(['http', 'https']).optional(),
    path_prefix: textField.optional(),
    timeout: durationField.optional(),
    api_version: z.literal('v2', 'Alertmanager has the API version v2 alone').optional(),
    relabel_configs: z.array(relabelRuleField).optional(),
    alert_relabel_configs: z.array(relabelRuleField).optional(),
    ...discoveryFields,
    ...httpClientFields,
  })
  .superRefine(checkHttpClient)
  .superRefine(refuseUrls);

/** The `alerting` section (config/config.go AlertingConfig). */
export const alertingField = z.strictObject({
  alert_relabel_configs: z.array(relabelRuleField).optional(),
  alertmanagers: z.array(alertmanagerField).optional(),
});

const DEFAULT_TIMEOUT = milliseconds(10_000);

/** Paths are relative to `folder`. */
export function alertingConfigOf(
  fields: z.infer<typeof alertingField>,
  folder: string,
  nameValidation: NameValidation,
): AlertingConfig {
  const named = (rules: readonly RelabelRule[] = []) => rules.map(rule => ({ ...rule, nameValidation }));
  return {
    alertRelabelRules: named(fields.alert_relabel_configs),
    alertmanagers: (fields.alertmanagers ?? []).map(manager => ({
      scheme: manager.scheme ?? 'http',
      pathPrefix: manager.path_prefix ?? '',
      timeout: manager.timeout || DEFAULT_TIMEOUT,
      http: httpClientConfig(manager, folder),
      discovery: discoveryConfigs(manager, folder),
      relabelRules: named(manager.relabel_configs),
      alertRelabelRules: named(manager.alert_relabel_configs),
    })),
  };
}

/** Names that the rules must not have where names are those of old. */
export function alertingProblems(
  source: YamlSource,
  { alertRelabelRules, alertmanagers }: AlertingConfig,
): Problem[] {
  return [
    ...ruleProblems(source, ['alerting', 'alert_relabel_configs'], alertRelabelRules),
    ...alertmanagers.flatMap(({ relabelRules, alertRelabelRules: own }, index) => {
      const path: Path = ['alerting', 'alertmanagers', index];
      return [
        ...ruleProblems(source, [...path, 'relabel_configs'], relabelRules),
        ...ruleProblems(source, [...path, 'alert_relabel_configs'], own),
      ];
    }),
  ];
}

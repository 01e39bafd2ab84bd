import { z } from 'zod';
import { integerField, textField } from '../../config/index.ts';
import { messageOf } from '../../core/index.ts';
import {
  compileRelabelRegexp,
  RELABEL_ACTIONS,
  RELABEL_DEFAULTS,
  type RelabelAction,
  type RelabelRule,
} from './relabel.ts';

const WITH_TARGET: ReadonlySet<RelabelAction> = new Set([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);
const WITHOUT_REPLACEMENT: ReadonlySet<RelabelAction> = new Set([
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);
/** Fields that an action admits beside `action`; the others admit all. */
const ONLY: Partial<Record<RelabelAction, readonly string[]>> = {
  keepequal: ['source_labels', 'target_label'],
  dropequal: ['source_labels', 'target_label'],
  labeldrop: ['regex'],
  labelkeep: ['regex'],
};

const fields = z.strictObject({
  action: z
    .string()
    .transform(text => text.toLowerCase())
    .pipe(z.enum(RELABEL_ACTIONS))
    .default('replace'),
  source_labels: z.array(z.string().min(1, 'a label without a name')).optional(),
  separator: textField.optional(),
  regex: textField.optional(),
  modulus: integerField.refine(modulus => modulus >= 0, 'a modulus is not negative').optional(),
  target_label: z.string().optional(),
  replacement: textField.optional(),
});
type Fields = z.infer<typeof fields>;

/** What is wrong with the combination of fields, as Prometheus's own check says it (model/relabel Config.Validate). */
function mistakeOf(rule: Fields): string | undefined {
  const { action } = rule;
  const { replacement } = RELABEL_DEFAULTS;
  if (action === 'hashmod' && !rule.modulus) return 'hashmod needs a modulus greater than 0';
  if (WITH_TARGET.has(action) && !rule.target_label) return `${action} needs a target_label`;
  if (WITHOUT_REPLACEMENT.has(action) && (rule.replacement ?? replacement) !== replacement) {
    return `${action} takes no replacement`;
  }
  const only = ONLY[action];
  const extra = only && Object.keys(rule).find(key => !only.includes(key) && isSaid(rule, key));
  return extra && `${action} takes only ${only.join(' and ')}, not ${extra}`;
}

/** Whether a field differs from what holds where it is left out; the reference does not see whether it was given. */
function isSaid(rule: Fields, key: string): boolean {
  const defaults: Readonly<Record<string, unknown>> = { ...RELABEL_DEFAULTS, modulus: 0, target_label: '' };
  return key !== 'action' && rule[key as keyof Fields] !== defaults[key];
}

/** One entry of `relabel_configs`. */
export const relabelRuleField = fields.transform((rule, context): RelabelRule => {
  const refuse = (message: string) => {
    context.issues.push({ code: 'custom', message, input: rule });
    return z.NEVER;
  };
  const mistake = mistakeOf(rule);
  if (mistake) return refuse(mistake);
  try {
    const regex = rule.regex ?? RELABEL_DEFAULTS.regex;
    return {
      action: rule.action,
      sourceLabels: rule.source_labels ?? [],
      separator: rule.separator ?? RELABEL_DEFAULTS.separator,
      regex,
      compiled: compileRelabelRegexp(regex),
      modulus: rule.modulus ?? 0,
      targetLabel: rule.target_label ?? '',
      replacement: rule.replacement ?? RELABEL_DEFAULTS.replacement,
      nameValidation: 'utf8',
    };
  } catch (error) {
    return refuse(messageOf(error));
  }
});

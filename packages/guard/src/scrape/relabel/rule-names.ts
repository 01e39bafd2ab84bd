import { isLabelName } from '../name-validation.ts';
import type { RelabelAction, RelabelRule } from './relabel.ts';

const WITH_PLAIN_TARGET: ReadonlySet<RelabelAction> = new Set([
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);

/** A label's name of old, with references such as `$1` and `${name}` in it (model/relabel relabelTargetLegacy). */
const LEGACY_TEMPLATE = /^(?:(?:[a-zA-Z_]|\$(?:\{\w+\}|\w+))+\w*)+$/;

/** Which name in a rule is none where the job takes only names of the old characters; undefined when all are (model/relabel Config.Validate). */
export function mistakeInNames(rule: RelabelRule): string | undefined {
  const { action, targetLabel, replacement, nameValidation } = rule;
  const isTemplate = (text: string) => (nameValidation === 'utf8' ? text !== '' : LEGACY_TEMPLATE.test(text));
  const isName = (text: string) => isLabelName(text, nameValidation);
  if (action === 'labelmap' && !isTemplate(replacement)) return mistake('replacement', replacement, action);
  if (action === 'replace') {
    const isValid = targetLabel.includes('$') ? isTemplate : isName;
    return isValid(targetLabel) ? undefined : mistake('target_label', targetLabel, action);
  }
  return WITH_PLAIN_TARGET.has(action) && !isName(targetLabel)
    ? mistake('target_label', targetLabel, action)
    : undefined;
}

const mistake = (field: string, text: string, action: RelabelAction) =>
  `${JSON.stringify(text)} is no ${field} for ${action}`;

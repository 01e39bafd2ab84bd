/** Which names metrics and labels may have: any text in UTF-8, or the characters of old (prometheus/common model.ValidationScheme). */
export const NAME_VALIDATIONS = ['utf8', 'legacy'] as const;
export type NameValidation = (typeof NAME_VALIDATIONS)[number];

const LEGACY_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LEGACY_LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export const isMetricName = (name: string, validation: NameValidation): boolean =>
  validation === 'utf8' ? name !== '' : LEGACY_METRIC.test(name);

export const isLabelName = (name: string, validation: NameValidation): boolean =>
  validation === 'utf8' ? name !== '' : LEGACY_LABEL.test(name);

import { z } from 'zod';
import { booleanField, textField } from '../../config/index.ts';

/** How the receiver of OTLP metrics names series (Prometheus: config/config.go `OTLPConfig`). */
export interface OtlpConfig {
  readonly escapesNames: boolean;
  readonly addsSuffixes: boolean;
  /** Resource attributes that become labels: those that are named, or all but those. */
  readonly promotedAttributes: { readonly all: boolean; readonly names: readonly string[] };
  readonly keepsIdentifyingAttributes: boolean;
  readonly promotesScope: boolean;
  readonly prefixesUnderscores: boolean;
  readonly keepsUnderscores: boolean;
}

/** Whether names are escaped, and whether they get suffixes (prometheus/otlptranslator: strategy.go). */
const STRATEGIES = {
  UnderscoreEscapingWithSuffixes: { escapesNames: true, addsSuffixes: true },
  UnderscoreEscapingWithoutSuffixes: { escapesNames: true, addsSuffixes: false },
  NoUTF8EscapingWithSuffixes: { escapesNames: false, addsSuffixes: true },
  NoTranslation: { escapesNames: false, addsSuffixes: false },
} as const;
const DEFAULT_STRATEGY = 'UnderscoreEscapingWithSuffixes';

const STRATEGY_NAMES = Object.keys(STRATEGIES) as [keyof typeof STRATEGIES];

/** Names, each once and none of them empty. */
const attributesField = z
  .array(textField.transform(name => name.trim()).refine(name => name !== '', 'an attribute is empty'))
  .check(context => {
    const twice = context.value.find((name, index) => context.value.indexOf(name) !== index);
    if (twice !== undefined)
      context.issues.push({
        code: 'custom',
        message: `the attribute ${JSON.stringify(twice)} is there twice`,
        input: context.value,
      });
  });

/** The section `otlp` of a prometheus.yml. */
export const otlpField = z
  .strictObject({
    translation_strategy: z.enum(STRATEGY_NAMES).optional(),
    promote_all_resource_attributes: booleanField.optional(),
    promote_resource_attributes: attributesField.optional(),
    ignore_resource_attributes: attributesField.optional(),
    keep_identifying_resource_attributes: booleanField.optional(),
    convert_histograms_to_nhcb: booleanField
      .refine(
        isAsked => !isAsked,
        'convert_histograms_to_nhcb is not carried out: native histograms are not supported',
      )
      .optional(),
    promote_scope_metadata: booleanField.optional(),
    label_name_underscore_sanitization: booleanField.optional(),
    label_name_preserve_multiple_underscores: booleanField.optional(),
  })
  .check(context => {
    const { promote_all_resource_attributes: all, ...lists } = context.value;
    const [list, message] = all
      ? [lists.promote_resource_attributes, 'excludes promote_resource_attributes']
      : [lists.ignore_resource_attributes, 'must be true for ignore_resource_attributes'];
    if (list && list.length > 0)
      context.issues.push({
        code: 'custom',
        message: `promote_all_resource_attributes ${message}`,
        input: context.value,
      });
  });

/** What the section asks for; what it leaves out has Prometheus's default. */
export function otlpConfigOf(section: z.infer<typeof otlpField> | undefined): OtlpConfig {
  const fields = section ?? {};
  const all = fields.promote_all_resource_attributes ?? false;
  return {
    ...STRATEGIES[fields.translation_strategy ?? DEFAULT_STRATEGY],
    promotedAttributes: {
      all,
      names: (all ? fields.ignore_resource_attributes : fields.promote_resource_attributes) ?? [],
    },
    keepsIdentifyingAttributes: fields.keep_identifying_resource_attributes ?? false,
    promotesScope: fields.promote_scope_metadata ?? false,
    prefixesUnderscores: fields.label_name_underscore_sanitization ?? true,
    keepsUnderscores: fields.label_name_preserve_multiple_underscores ?? true,
  };
}

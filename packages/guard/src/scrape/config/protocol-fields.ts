import { z } from 'zod';
import { booleanField } from '../../config/index.ts';
import { NAME_VALIDATIONS } from '../name-validation.ts';
import { ESCAPING_SCHEMES, OTHER_PROTOCOLS, PROTOCOLS, type ScrapeProtocol } from './protocols.ts';

const isProtocol = (text: string): text is ScrapeProtocol => Object.hasOwn(PROTOCOLS, text);

/** A format by its name in capitals and small letters. */
export const protocolField = z.string().transform((text, context): ScrapeProtocol => {
  if (isProtocol(text)) return text;
  const known = Object.keys(PROTOCOLS).join(', ');
  context.issues.push({
    code: 'custom',
    message: OTHER_PROTOCOLS.includes(text)
      ? `slo-guard does not read ${text}; it reads ${known}`
      : `${JSON.stringify(text)} is not a scrape protocol; those that are read: ${known}`,
    input: text,
  });
  return z.NEVER;
});

const protocolsField = z
  .array(protocolField)
  .min(1, 'scrape_protocols is empty')
  .refine(list => new Set(list).size === list.length, 'a protocol is given twice');

/** True would need native histograms. */
const withoutNativeHistograms = (name: string) =>
  booleanField
    .refine(value => !value, `slo-guard does not carry out ${name}: native histograms are not supported`)
    .optional();

/** How targets are asked and names are taken; in `global` and in a job. */
export const protocolFields = {
  scrape_protocols: protocolsField.optional(),
  metric_name_validation_scheme: z.enum(['', ...NAME_VALIDATIONS]).optional(),
  metric_name_escaping_scheme: z.enum(['', ...ESCAPING_SCHEMES]).optional(),
  extra_scrape_metrics: booleanField.optional(),
  scrape_native_histograms: withoutNativeHistograms('scrape_native_histograms'),
  convert_classic_histograms_to_nhcb: withoutNativeHistograms('convert_classic_histograms_to_nhcb'),
  always_scrape_classic_histograms: booleanField.optional(),
};

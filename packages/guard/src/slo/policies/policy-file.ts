import { z } from 'zod';
import { checkShape, durationField, isNonEmpty, readOneYaml, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import type { Policy } from './policy.ts';
import { burnOfShare, shareOfBurn } from './scale.ts';

const positive = z.number().positive();

const tier = z
  .strictObject({
    suffix: z
      .string()
      .regex(/^[a-zA-Z0-9_]+$/, 'must be letters, digits and _: it ends the name of an alert'),
    severity: z.enum(['page', 'ticket']),
    budgetPercent: positive.max(100).optional(),
    burn: positive.optional(),
    shortWindow: durationField.optional(),
    longWindow: durationField,
    for: durationField.default(0),
    notify: z.array(z.string().min(1)).default([]),
  })
  .refine(
    ({ budgetPercent, burn }) => (budgetPercent === undefined) !== (burn === undefined),
    'give exactly one of budgetPercent and burn',
  );

const API_VERSION = 'slo-guard/v1';
const KIND = 'Policy';

/** Whether a document among SLO files is a policy: there it must say so. */
export const isPolicyDocument = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  value.kind === KIND &&
  'apiVersion' in value &&
  value.apiVersion === API_VERSION;

/** What a policy's file holds, JSON or YAML; durations as Prometheus writes them. */
export const POLICY_SCHEMA = z.strictObject({
  apiVersion: z.literal(API_VERSION).optional(),
  kind: z.literal(KIND).optional(),
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be lower-case letters, digits and -'),
  source: z.string().min(1),
  period: durationField,
  scaling: z.enum(['burn-rates', 'windows']).default('burn-rates'),
  tiers: z.array(tier).min(1),
});

type PolicyShape = z.infer<typeof POLICY_SCHEMA>;

/**
 * Reads a user's own policy.
 *
 * @throws UserError with every problem and its place: those of `readOneYaml` and `checkShape`, and `bad-policy`
 */
export const readPolicyFile = (file: string, text: string): Policy => policyIn(readOneYaml(file, text));

/** As `readPolicyFile`, of a document that is read already. @throws UserError */
export function policyIn(source: YamlSource): Policy {
  const shape = checkShape<PolicyShape>(POLICY_SCHEMA, source);
  const problems = faultsOf(shape).map(
    ([path, message]): Problem => source.problemAt(path, { code: 'bad-policy', message }),
  );
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
  return policyOfShape(shape);
}

/** The policy that a checked file describes. */
export const policyOfShape = ({ tiers, apiVersion: _, kind: __, ...facts }: PolicyShape): Policy => ({
  ...facts,
  tiers: tiers.map(({ budgetPercent, burn, shortWindow, longWindow, ...rest }) => ({
    ...rest,
    shortWindow: shortWindow ?? longWindow,
    longWindow,
    burn: burn ?? burnOfShare(budgetPercent! / 100, longWindow, facts.period),
    budgetShare:
      budgetPercent === undefined ? shareOfBurn(burn!, longWindow, facts.period) : budgetPercent / 100,
  })),
});

/** What the shape alone does not tell: where it is wrong, and how. */
function faultsOf({ period, tiers }: PolicyShape): [path: (string | number)[], message: string][] {
  const faults: [(string | number)[], string][] = [];
  if (period === 0) faults.push([['period'], 'period must be longer than 0']);
  for (const [i, { suffix, shortWindow, longWindow }] of tiers.entries()) {
    const at = (field: string) => ['tiers', i, field];
    if (longWindow === 0) faults.push([at('longWindow'), 'longWindow must be longer than 0']);
    if (longWindow > period) faults.push([at('longWindow'), 'longWindow is longer than the period']);
    if (shortWindow === 0) faults.push([at('shortWindow'), 'shortWindow must be longer than 0']);
    if (shortWindow !== undefined && shortWindow > longWindow)
      faults.push([at('shortWindow'), 'shortWindow is longer than longWindow']);
    if (tiers.findIndex(other => other.suffix === suffix) < i)
      faults.push([at('suffix'), `another tier has the suffix ${suffix}`]);
  }
  return faults;
}

import { z } from 'zod';
import { absentOrNull, checkShape, goNumberField, type Path, type YamlSource } from '../../config/index.ts';
import { type Milliseconds, milliseconds, UserError } from '../../core/index.ts';
import type { ReadResult } from '../format.ts';
import { specProblems } from './checks.ts';
import type { SlothSlo, SlothSpec } from './spec.ts';

/** An OpenSLO v1alpha document as Sloth reads it: one SLO an objective, without alerts. */
export interface SlothOpenSlo extends Omit<SlothSpec, 'form' | 'metadata'> {
  readonly form: 'openslo/v1alpha';
  /** Undefined where the document has no time window: then the command's default period holds. */
  readonly period: Milliseconds | undefined;
  readonly periodPath: Path;
}

const query = z.strictObject({
  source: z.string().regex(/^(prometheus|sloth)$/, 'Sloth reads the sources prometheus and sloth'),
  queryType: z.literal('promql'),
  query: z.string(),
});

const objective = z.strictObject({
  displayName: absentOrNull(z.string()),
  value: absentOrNull(goNumberField),
  target: goNumberField,
  op: absentOrNull(z.string()),
  timeSliceTarget: absentOrNull(goNumberField),
  ratioMetrics: z.strictObject({ counter: absentOrNull(z.boolean()), good: query, total: query }),
});

const OPENSLO_V1ALPHA = z.strictObject({
  apiVersion: z.literal('openslo/v1alpha'),
  kind: z.literal('SLO'),
  metadata: z.strictObject({ name: z.string(), displayName: absentOrNull(z.string()) }),
  spec: z.strictObject({
    service: z.string(),
    description: absentOrNull(z.string()),
    budgetingMethod: absentOrNull(z.string()),
    timeWindows: absentOrNull(
      z
        .array(
          z.strictObject({
            unit: z.string().regex(/^day$/i, 'Sloth reads time windows in days'),
            count: z.preprocess(count => (typeof count === 'bigint' ? Number(count) : count), z.int().min(1)),
            isRolling: absentOrNull(z.boolean()),
          }),
        )
        .max(1, 'only one time window is read'),
    ),
    objectives: z.array(objective).min(1, 'at least one objective is needed'),
  }),
});

const DAY = 24 * 3_600_000;

/** Reads a document as Sloth 0.16 does (internal/storage/io/openslo.go); what it leaves aside is left aside here too. */
export function readOpenSloAsSloth(source: YamlSource): ReadResult<SlothOpenSlo> {
  try {
    const { metadata, spec } = checkShape(OPENSLO_V1ALPHA, { ...source, value: source.goValue() });
    const days = spec.timeWindows?.[0]?.count;
    const document: SlothOpenSlo = {
      form: 'openslo/v1alpha',
      service: spec.service,
      labels: {},
      period: days === undefined ? undefined : milliseconds(days * DAY),
      periodPath: ['spec', 'timeWindows', 0, 'count'],
      slos: spec.objectives.map(
        ({ target, ratioMetrics }, i): SlothSlo => ({
          name: `${metadata.name}-${i}`,
          description: spec.description ?? '',
          objective: target * 100,
          labels: {},
          sli: {
            kind: 'raw',
            errorRatioQuery: errorRatio(ratioMetrics.good.query, ratioMetrics.total.query),
          },
          page: undefined,
          ticket: undefined,
          path: ['spec', 'objectives', i],
        }),
      ),
      source,
    };
    const problems = specProblems(document);
    return { documents: problems.length > 0 ? [] : [document], problems };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}

/** The error ratio of good and total events, laid out as Sloth lays it out. */
const errorRatio = (good: string, total: string): string =>
  [
    '',
    '  1 - (',
    '    (',
    `      ${good}`,
    '    )',
    '    /',
    '    (',
    `      ${total}`,
    '    )',
    '  )',
    '',
  ].join('\n');

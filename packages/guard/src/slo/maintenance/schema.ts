import { z } from 'zod';
import { instantOf } from './intervals.ts';

const instantField = z.string().refine(text => instantOf(text) !== undefined, {
  error: ({ input }) => `${JSON.stringify(input)} is not an instant such as 2026-12-24T18:00:00Z`,
});

/** Announced times in which nothing counts, for some objectives or for all. */
export const MAINTENANCE_SCHEMA = z.strictObject({
  apiVersion: z.literal('slo-guard/v1'),
  kind: z.literal('Maintenance', 'must be Maintenance'),
  metadata: z.strictObject({ name: z.string().min(1) }),
  spec: z.strictObject({
    description: z.string().optional(),
    services: z.array(z.string()).optional(),
    slos: z.array(z.string().regex(/^[^/]+\/[^/]+$/, 'not SERVICE/SLO')).optional(),
    windows: z
      .array(
        z
          .strictObject({ from: instantField, to: instantField })
          .refine(
            ({ from, to }) => (instantOf(to) ?? Infinity) > (instantOf(from) ?? 0),
            'to must be after from',
          ),
      )
      .min(1, 'give at least one window'),
  }),
});

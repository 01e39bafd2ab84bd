import { z } from 'zod';

const FIELDS = [
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

/** The fields of Kubernetes's ObjectMeta (apimachinery, meta/v1) that a cluster fills and that say nothing here. */
export const objectMetaShape = Object.fromEntries(
  FIELDS.map(field => [field, z.unknown().optional()]),
) as Record<(typeof FIELDS)[number], z.ZodOptional<z.ZodUnknown>>;

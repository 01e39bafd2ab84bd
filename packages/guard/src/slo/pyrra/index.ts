import type { SloFormat } from '../format.ts';
import { isPyrra } from './inputs.ts';
import { readPyrra } from './read.ts';
import type { PyrraObjective } from './spec.ts';
import { toSlos } from './to-slos.ts';

export { readPyrraInputs } from './inputs.ts';
export type {
  PyrraAlerting,
  PyrraIndicator,
  PyrraMatcher,
  PyrraMetric,
  PyrraObjective,
  PyrraSeverities,
} from './spec.ts';
export { absentAfter, type PyrraWindow, windowsFor } from './windows.ts';

/** Pyrra 0.10 (github.com/pyrra-dev/pyrra). */
export const PYRRA: SloFormat<PyrraObjective> = {
  title: 'Pyrra',
  header: 'apiVersion: pyrra.dev/v1alpha1',
  recognises: isPyrra,
  read: readPyrra,
  toSlos,
};

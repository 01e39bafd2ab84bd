export {
  createMetricsReceiver,
  type MetricsReceiver,
  type MetricsReceiverOptions,
  type WholeOutcome,
} from './receiver.ts';
export type { TranslationSettings } from './settings.ts';

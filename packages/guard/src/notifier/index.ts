export { createNotifier, type Notifier, type NotifierOptions, type NotifierSettings } from './notifier.ts';
export type { QueueOptions } from './send-loop.ts';

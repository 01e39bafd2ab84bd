export { NO_FEATURES, readFeatures } from './features.ts';
export { type Guard, startGuard } from './guard.ts';
export { type GuardOptions, type PortChoice, SURFACES, type Surface } from './guard-options.ts';
export type { GuardEnvironment } from './guard-parts.ts';
export { WRITE_MESSAGES, type WriteMessage } from './remote-write-content-type.ts';

export { type Guard, type GuardEnvironment, startGuard } from './guard.ts';
export { type GuardOptions, type PortChoice, SURFACES, type Surface } from './guard-options.ts';

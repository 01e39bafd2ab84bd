export { generatePyrra, type PyrraFile } from './generate.ts';
export type { PyrraOptions } from './options.ts';

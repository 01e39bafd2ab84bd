export { type FreshStackOptions, startFreshStack } from './fresh-stack.ts';
export { loadStack, type Stack, withPorts } from './model.ts';
export { checkAll, generateAll, type Sources } from './render-all.ts';
export { REPOSITORY } from './repository.ts';
export { RULE_FILES } from './rule-files.ts';
export { type RunningStack, type StartOptions, startStack } from './start-stack.ts';
export type { PartEvent, PartState, PartStatus } from './supervisor.ts';

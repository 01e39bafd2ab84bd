export { type FileOutcome, isGood } from './outcome.ts';
export { type DiffColours, renderDiff } from './render-diff.ts';
export { renderTestJunit } from './render-junit.ts';
export { renderFailure } from './render-text.ts';
export { type RunFileOptions, runRuleTestFile } from './run-file.ts';
export type { TestStore } from './test-store.ts';

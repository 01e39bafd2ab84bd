export { createMemoryStorage, type MemoryStorage } from './memory-storage.ts';
export type { ScriptCommand } from './script/parse-script.ts';
export { runScript, type ScriptOutcome, type ScriptReport } from './script/run-script.ts';

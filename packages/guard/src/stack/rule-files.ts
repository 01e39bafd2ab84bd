import { join } from 'node:path';
import { REPOSITORY } from './repository.ts';

/** What every engine of the stack loads: the rules of its objectives, and those on the stack's own failures. */
export const RULE_FILE_NAMES = ['rules.yml', 'watch.yml'] as const;

/** The rule files that are committed, by their absolute paths. */
export const RULE_FILES: readonly string[] = RULE_FILE_NAMES.map(name =>
  join(REPOSITORY, 'deploy', 'prometheus', name),
);

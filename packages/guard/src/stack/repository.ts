import { packageFile } from '../core/index.ts';

/** The workspace's root, where `services/`, `slos/` and `stack.yaml` are. */
export const REPOSITORY = packageFile('../..');

export const GUARD_BIN = packageFile('bin/slo-guard.js');

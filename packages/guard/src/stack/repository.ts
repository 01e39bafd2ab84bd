import { fileURLToPath } from 'node:url';

/** The workspace's root, where `services/`, `slos/` and `stack.yaml` are. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

export const GUARD_BIN = fileURLToPath(new URL('../../bin/slo-guard.js', import.meta.url));

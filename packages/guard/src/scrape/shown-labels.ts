import { hideUserinfo, type Labels } from '../core/index.ts';

/** The labels of a target before relabelling as people are shown them: addresses there may hold credentials. */
export const shownLabels = (discovered: Labels): Record<string, string> =>
  Object.fromEntries([...discovered].map(([name, value]) => [name, hideUserinfo(value)]));

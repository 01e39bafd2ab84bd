import type { RuleFile, RuleManager, RuleSettings } from '../rules/index.ts';

/** The rules that run: those of rule files, and those of SLO files. Each kind is replaced apart from the other. */
export interface RuleSet {
  replaceFiles(files: readonly RuleFile[], settings: RuleSettings): Promise<void>;
  replaceSlos(rules: readonly RuleFile[]): Promise<void>;
}

interface Loaded {
  readonly files: readonly RuleFile[];
  readonly slos: readonly RuleFile[];
  readonly settings: RuleSettings;
}

export function createRuleSet(manager: RuleManager, initial: Loaded): RuleSet {
  let loaded = initial;
  let running: Promise<void> = Promise.resolve();

  /** One after the other, each with what the one before has left. */
  function replace(change: Partial<Loaded>): Promise<void> {
    const next = running.then(async () => {
      const wanted = { ...loaded, ...change };
      await manager.reload([...wanted.files, ...wanted.slos], wanted.settings);
      loaded = wanted;
    });
    running = next.catch(() => {});
    return next;
  }

  return {
    replaceFiles: (files, settings) => replace({ files, settings }),
    replaceSlos: slos => replace({ slos }),
  };
}

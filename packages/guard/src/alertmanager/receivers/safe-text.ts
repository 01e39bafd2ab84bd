import type { Expansion } from '../templates/notification-templates.ts';

/** Expands texts that are sent even when one of them fails. */
export interface SafeText {
  /** What came out before the failure; '' for everything after the first failure (Alertmanager's notify.TmplText). */
  readonly text: (source: string) => string;
  /** What the first failure says. */
  readonly failure: string | undefined;
}

export function createSafeText(expansion: Expansion): SafeText {
  let failure: string | undefined;
  return {
    text(source) {
      if (failure !== undefined) return '';
      const result = expansion.tryText(source);
      failure = result.failure;
      return result.text;
    },
    get failure() {
      return failure;
    },
  };
}

import type { Labels, Milliseconds } from '../core/index.ts';
import { type Alert, resolvedAt } from './alert.ts';
import type { InhibitRuleConfig } from './config.ts';
import { matchesAll } from './matchers.ts';

/** Knows which alerts keep others from being told. */
export interface Inhibitor {
  /** To be told of every alert that comes in. */
  observe(alert: Alert): void;
  /** The fingerprint of an active alert that inhibits one with these labels, or undefined. */
  inhibitedBy(labels: Labels, now: Milliseconds): string | undefined;
  /** Forgets sources that have resolved. */
  collectGarbage(now: Milliseconds): void;
}

export function createInhibitor(configs: readonly InhibitRuleConfig[]): Inhibitor {
  const rules = configs.map(createRule);
  return {
    observe(alert) {
      for (const rule of rules) rule.observe(alert);
    },
    inhibitedBy(labels, now) {
      for (const rule of rules) {
        const source = rule.sourceFor(labels, now);
        if (source) return source;
      }
      return undefined;
    },
    collectGarbage(now) {
      for (const rule of rules) rule.collectGarbage(now);
    },
  };
}

function createRule({ source, target, equal }: InhibitRuleConfig) {
  /** Sources by the values of the `equal` labels (an absent label equals an empty one), then by fingerprint. */
  const sources = new Map<string, Map<string, Alert>>();
  const keyOf = (labels: Labels) => JSON.stringify(equal.map(name => labels.get(name)));

  function observe(alert: Alert): void {
    if (!matchesAll(source, alert.labels)) return;
    const key = keyOf(alert.labels);
    const bucket = sources.get(key) ?? new Map<string, Alert>();
    sources.set(key, bucket.set(alert.fingerprint, alert));
  }

  function sourceFor(labels: Labels, now: Milliseconds): string | undefined {
    if (!matchesAll(target, labels)) return undefined;
    const twoSided = matchesAll(source, labels);
    for (const alert of sources.get(keyOf(labels))?.values() ?? []) {
      // Alerts that match both sides do not inhibit each other.
      if (resolvedAt(alert, now) || (twoSided && matchesAll(target, alert.labels))) continue;
      return alert.fingerprint;
    }
    return undefined;
  }

  function collectGarbage(now: Milliseconds): void {
    for (const [key, bucket] of sources) {
      for (const [fingerprint, alert] of bucket) if (resolvedAt(alert, now)) bucket.delete(fingerprint);
      if (bucket.size === 0) sources.delete(key);
    }
  }

  return { observe, sourceFor, collectGarbage };
}

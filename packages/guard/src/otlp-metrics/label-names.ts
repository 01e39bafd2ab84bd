import { goQuote } from '../core/index.ts';
import type { NameResult } from './metric-names.ts';
import type { TranslationSettings } from './settings.ts';

/** Makes label names of attribute keys (prometheus/otlptranslator: label_namer.go `Build`). */
export type LabelNamer = (key: string) => NameResult;

export function createLabelNamer(settings: TranslationSettings): LabelNamer {
  const known = new Map<string, NameResult>();
  return key => {
    const found = known.get(key) ?? labelName(key, settings);
    known.set(key, found);
    return found;
  };
}

const hasOnlyUnderscores = (name: string) => /^_*$/.test(name);

function labelName(key: string, settings: TranslationSettings): NameResult {
  if (key === '') return { problem: 'label name is empty' };
  if (!settings.escapesNames)
    return hasOnlyUnderscores(key)
      ? { problem: `label name ${goQuote(key)} contains only underscores` }
      : { name: key };
  const name = prefixed(escaped(key, settings.keepsUnderscores), settings.prefixesUnderscores);
  return hasOnlyUnderscores(name)
    ? { problem: `normalization for label name ${goQuote(key)} resulted in invalid name ${goQuote(name)}` }
    : { name };
}

function escaped(key: string, keepsUnderscores: boolean): string {
  if (keepsUnderscores) return key.replace(/[^a-zA-Z0-9]/gu, '_');
  const isReserved = key.length >= 4 && key.startsWith('__') && key.endsWith('__');
  const name = (isReserved ? key.slice(2, -2) : key).replace(/[^a-zA-Z0-9]+/gu, '_');
  return isReserved ? `__${name}__` : name;
}

function prefixed(name: string, prefixesUnderscores: boolean): string {
  if (/^\d/.test(name)) return `key_${name}`;
  return prefixesUnderscores && /^_(?!_)/.test(name) ? `key${name}` : name;
}

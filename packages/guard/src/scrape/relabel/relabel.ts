import { createHash } from 'node:crypto';
import { compileRegexp, expandReplacement, Labels, replaceAll, unreachable } from '../../core/index.ts';
import { isLabelName, type NameValidation } from '../name-validation.ts';

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;
export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** One step of relabelling. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** As written; matched against the whole value. */
  readonly regex: string;
  readonly compiled: ReturnType<typeof compileRegexp>;
  readonly modulus: number;
  readonly targetLabel: string;
  readonly replacement: string;
  /** What a name must be for `replace` to set it. */
  readonly nameValidation: NameValidation;
}

export const RELABEL_DEFAULTS = { separator: ';', regex: '(.*)', replacement: '$1' } as const;

/** Compiles a rule's regular expression, anchored as Prometheus does. @throws UserError `bad-regexp` */
export const compileRelabelRegexp = (regex: string) => compileRegexp(`^(?s:${regex})$`, { shown: regex });

/** The labels after all rules, or undefined when one drops them (prometheus/model/relabel). */
export function relabel(labels: Labels, rules: readonly RelabelRule[]): Labels | undefined {
  if (rules.length === 0) return labels;
  const current = new Map(labels);
  for (const rule of rules) if (!apply(rule, current)) return undefined;
  return Labels.of(current);
}

/** Changes `labels`; false when the rule drops them. */
function apply(rule: RelabelRule, labels: Map<string, string>): boolean {
  const value = rule.sourceLabels.map(name => labels.get(name) ?? '').join(rule.separator);
  const matches = (text: string) => rule.compiled.matcher(text).find();
  const entries = [...labels];
  switch (rule.action) {
    case 'keep':
      return matches(value);
    case 'drop':
      return !matches(value);
    case 'keepequal':
      return (labels.get(rule.targetLabel) ?? '') === value;
    case 'dropequal':
      return (labels.get(rule.targetLabel) ?? '') !== value;
    case 'replace':
      replace(rule, value, labels);
      return true;
    case 'lowercase':
      set(labels, rule.targetLabel, mapCharacters(value, lowered));
      return true;
    case 'uppercase':
      set(labels, rule.targetLabel, mapCharacters(value, raised));
      return true;
    case 'hashmod':
      set(labels, rule.targetLabel, hashModulo(value, rule.modulus));
      return true;
    case 'labelmap':
      for (const [name, mapped] of entries)
        if (matches(name)) set(labels, replaceAll(rule.compiled, name, rule.replacement), mapped);
      return true;
    case 'labeldrop':
      for (const [name] of entries) if (matches(name)) labels.delete(name);
      return true;
    case 'labelkeep':
      for (const [name] of entries) if (!matches(name)) labels.delete(name);
      return true;
    default:
      return unreachable(rule.action);
  }
}

function set(labels: Map<string, string>, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else labels.set(name, value);
}

function replace(rule: RelabelRule, value: string, labels: Map<string, string>): void {
  const match = rule.compiled.matcher(value);
  if (!match.find()) return;
  const target = expandReplacement(rule.targetLabel, rule.compiled, match);
  if (isLabelName(target, rule.nameValidation))
    set(labels, target, expandReplacement(rule.replacement, rule.compiled, match));
}

/** Each character for itself and into one, as Go maps them: no `Σ` knows that it is the last. */
const mapCharacters = (text: string, map: (character: string) => string): string =>
  Array.from(text, map).join('');

/** `İ` alone has two small letters here, of which the first is Go's. */
const lowered = (character: string): string => Array.from(character.toLowerCase())[0]!;

/** What becomes several capitals here, such as `ß`, has none in Go. */
function raised(character: string): string {
  const capitals = Array.from(character.toUpperCase());
  return capitals.length === 1 ? capitals[0]! : character;
}

/** The last eight bytes of the MD5 digest, so that shards agree with Prometheus's. */
function hashModulo(value: string, modulus: number): string {
  const digest = createHash('md5').update(value).digest();
  return String(digest.readBigUInt64BE(8) % BigInt(modulus));
}

import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { booleanField, readYamlNumber } from '../../config/index.ts';

/**
 * A configured value with every text in it, keys included, expanded; what a text expands to is read as YAML, and is what that
 * says unless it is a text (Alertmanager's template.DeepCopyWithTemplate): `"{{ 1 }}"` is the number, and JSON becomes
 * what it describes.
 *
 * @param expand throws what `renderValue` then throws
 */
export function renderValue(value: unknown, expand: (source: string) => string): unknown {
  if (typeof value === 'string') return readInline(expand(value));
  if (Array.isArray(value)) return value.map(each => renderValue(each, expand));
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, each]) => [expand(key), renderValue(each, expand)]));
}

/** What Go's YAML library takes in a document (yaml.v2, readerc.go). */
const FORBIDDEN = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function readInline(text: string): unknown {
  if (FORBIDDEN.test(text)) return text;
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  if (document.errors.length > 0) return text;
  try {
    const value = yamlValue(document.contents);
    return typeof value === 'string' ? text : value;
  } catch {
    return text;
  }
}

/** Of nodes read without a schema: scalars are what Go's YAML library takes them for. */
function yamlValue(node: unknown): unknown {
  if (isAlias(node)) throw new Error('aliases are left as they are written');
  if (isSeq(node)) return node.items.map(yamlValue);
  if (isMap(node))
    return new Map(node.items.map(({ key, value }) => [String(yamlValue(key)), yamlValue(value)]));
  if (!isScalar(node)) return null;
  const text = String(node.value ?? '');
  return node.type === 'PLAIN' || node.type === undefined ? scalarOf(text) : text;
}

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const LARGE_INTEGER = /^[-+]?[1-9]\d{15,18}$/;

function scalarOf(text: string): unknown {
  if (NULLS.has(text)) return null;
  const truth = booleanField.safeParse(text);
  if (truth.success) return truth.data;
  return LARGE_INTEGER.test(text) ? BigInt(text) : (readYamlNumber(text) ?? text);
}

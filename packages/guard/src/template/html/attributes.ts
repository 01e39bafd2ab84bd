/** What the value of an attribute is. */
export type AttributeKind = 'plain' | 'url' | 'css' | 'script' | 'srcset';

const URLS: ReadonlySet<string> = new Set([
  'action',
  'archive',
  'background',
  'cite',
  'classid',
  'codebase',
  'data',
  'formaction',
  'href',
  'icon',
  'longdesc',
  'manifest',
  'poster',
  'profile',
  'src',
  'usemap',
  'xmlns',
]);
/** Attributes that hold no address although their names look like it. */
const PLAIN: ReadonlySet<string> = new Set(['srcdoc', 'srclang']);

/** What html/template takes an attribute for, by its name (html/template/attr.go). */
export function attributeKind(given: string): AttributeKind {
  const lower = given.toLowerCase();
  if (lower.startsWith('xmlns:')) return 'url';
  const name = lower.startsWith('data-') ? lower.slice('data-'.length) : lower.replace(/^[^:]*:/, '');
  if (name === 'style') return 'css';
  if (name === 'srcset') return 'srcset';
  if (URLS.has(name)) return 'url';
  if (PLAIN.has(name)) return 'plain';
  if (name.startsWith('on')) return 'script';
  return /src|uri|url/.test(name) ? 'url' : 'plain';
}

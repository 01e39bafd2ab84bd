import { resolve } from 'node:path';
import { type Path, relativeTo } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import type { Secret } from '../../http-client/index.ts';
import { compileNotification, type NotificationTemplates } from '../templates/notification-templates.ts';
import type { GlobalDocument } from './schema.ts';

/** What reading a receiver's configuration needs. */
export interface ReadContext {
  /** Relative paths start here. */
  readonly folder: string;
  readonly templates: NotificationTemplates;
  readonly global: GlobalDocument;
  readonly report: (path: Path, code: string, message: string, remedy?: string) => void;
}

/** A secret from its two options; undefined when neither is given. */
export function secretOf(
  { folder }: ReadContext,
  inline: string | undefined,
  file: string | undefined,
): Secret | undefined {
  if (inline) return { kind: 'inline', text: inline };
  return file ? { kind: 'file', path: resolve(relativeTo(folder, file)) } : undefined;
}

/** Reports what cannot be read as a template, and every such text within a list or map. */
export function checkTemplates({ report }: Pick<ReadContext, 'report'>, value: unknown, path: Path): void {
  if (typeof value === 'string') {
    try {
      if (value.includes('{{')) compileNotification(value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const { message, position } = error.problems[0]!;
      const place = position && position.line > 1 ? ` (line ${position.line} of the text)` : '';
      report(path, 'bad-template', `${message}${place}`);
    }
  } else if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) checkTemplates({ report }, each, [...path, i]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      checkTemplates({ report }, key, [...path, key]);
      checkTemplates({ report }, each, [...path, key]);
    }
  }
}

/** The address itself may hold a secret and stays out of the message. */
export function checkUrl({ report }: ReadContext, url: string | undefined, path: Path): void {
  if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    report(path, 'bad-url', 'not an http or https address');
}

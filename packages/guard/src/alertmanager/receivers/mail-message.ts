import { createHash } from 'node:crypto';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Milliseconds } from '../../core/index.ts';
import type { EmailConfig } from './config.ts';

export interface MailTexts {
  readonly headers: ReadonlyMap<string, string>;
  /** '' leaves the part out. */
  readonly text: string;
  readonly html: string;
}

export interface MailContext {
  readonly groupKey: string;
  readonly now: Milliseconds;
  readonly threading: EmailConfig['threading'];
}

/** A whole message: the configured headers, and its texts as alternatives, the preferred one last (RFC 2046, 5.1.4). */
export function composeMail({ headers, text, html }: MailTexts, context: MailContext): Promise<Buffer> {
  const message = new MimeNode('multipart/alternative', { newline: '\r\n' });
  for (const [name, value] of headers) message.setHeader(name, oneLine(value));
  message.setHeader('Date', dateText(context.now));
  for (const [name, value] of threadHeaders(context)) message.setHeader(name, value);
  if (text !== '' || html === '') addPart(message, 'text/plain', text);
  if (html !== '') addPart(message, 'text/html', html);
  return message.build();
}

function addPart(message: MimeNode, type: string, content: string): void {
  const part = message.createChild(`${type}; charset=UTF-8`, { newline: '\r\n' });
  part.setHeader('Content-Transfer-Encoding', 'quoted-printable');
  part.setContent(content);
}

/** A line break would begin another header. */
const oneLine = (value: string) => value.replace(/[\r\n]+/g, ' ');

/** RFC 5322, in UTC. */
const dateText = (now: Milliseconds) => new Date(now).toUTCString().replace('GMT', '+0000');

/** Messages of a group name a first one that was never sent, under which clients gather them (notify/email). */
function threadHeaders({ groupKey, now, threading }: MailContext): [name: string, value: string][] {
  if (threading === undefined) return [];
  const key = createHash('sha256').update(groupKey).digest('hex').slice(0, 16);
  const root = `<alert-${key}-${threading === 'daily' ? dayOf(now) : ''}@alertmanager>`;
  return [
    ['References', root],
    ['In-Reply-To', root],
  ];
}

/** The day where the router runs. */
function dayOf(now: Milliseconds): string {
  const date = new Date(now);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

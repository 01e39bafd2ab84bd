import { createRedact, type Redact } from './redact.ts';

/**
 * Words that name a way and not a secret, in addresses of receivers and in headers: hidden alone they would garble what
 * people must read. A value as a whole is hidden whatever it is made of.
 */
const ORDINARY: ReadonlySet<string> = new Set([
  ...[
    'alert',
    'alerts',
    'alertmanager',
    'api',
    'bot',
    'change',
    'chat.postMessage',
    'chat.update',
    'enqueue',
  ],
  ...['event', 'events', 'hook', 'hooks', 'incoming', 'integration', 'integrations', 'invoke', 'manual'],
  ...[
    'message',
    'messages',
    'notification',
    'notifications',
    'notify',
    'paths',
    'receiver',
    'send',
    'services',
  ],
  ...['trigger', 'triggers', 'webhook', 'webhooks', 'workflows'],
  ...['application', 'basic', 'bearer', 'false', 'json', 'true'],
]);

export const isOrdinaryWord = (word: string): boolean =>
  ORDINARY.has(word) || ORDINARY.has(word.toLowerCase());

/** What must not come back of a header that a configuration sends: the value, its words, what `Basic` packs. */
export function headerSecrets(value: string): string[] {
  const [scheme = '', ...words] = value.split(/[\s,;]+/);
  const named = [scheme, ...words].map(word => word.slice(word.indexOf('=') + 1));
  const whole = isOrdinaryWord(scheme) ? value.slice(scheme.length + 1) : value;
  const packed = scheme.toLowerCase() === 'basic' ? unpacked(words[0] ?? '') : [];
  return [whole, ...packed, ...[scheme, ...words, ...named].filter(part => !isOrdinaryWord(part))];
}

function unpacked(word: string): string[] {
  const text = Buffer.from(word, 'base64').toString();
  return [text, text.slice(text.indexOf(':') + 1)];
}

/** Hides what the values of configured headers hold in secret. */
export const redactHeaders = (configured: Readonly<Record<string, readonly string[]>>): Redact =>
  createRedact(() => Object.values(configured).flat().flatMap(headerSecrets));

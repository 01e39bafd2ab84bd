import { describe, expect, it } from 'vitest';
import { createPayload } from '../payload.ts';
import { NOTIFICATION } from '../receivers/testing.ts';
import { compileNotification, createNotificationTemplates } from './notification-templates.ts';

const SECRET = 'hunter2hunter2';
const ENDLESS = [
  ['runs without end', `{{ range 100000000 }}{{ end }}${SECRET}`, 'for steps'],
  ['calls itself', `{{ define "t" }}${SECRET}{{ template "t" }}{{ end }}{{ template "t" }}`, 'for depth'],
  ['writes without end', `{{ range 100000 }}${SECRET.repeat(20)}{{ end }}`, 'for outputLength'],
] as const;

const payload = createPayload(NOTIFICATION, 0);
const begin = (file = '') =>
  createNotificationTemplates([{ name: 'user.tmpl', template: compileNotification(file) }]).begin(payload, 0);

describe('a template of a notification that', () => {
  it.each(ENDLESS)('%s fails by a limit, named, without its text', (_what, text, why) => {
    for (const expand of [begin().text, begin().html]) {
      expect(() => expand(text, 'title')).toThrow(why);
      expect(() => expand(text, 'title')).not.toThrow(SECRET);
    }
  });

  it('calls itself in the user’s file fails where it is used, and leaves others alone', () => {
    const expansion = begin(
      '{{ define "loop" }}{{ template "loop" . }}{{ end }}{{ define "fine" }}ok{{ end }}',
    );
    expect(expansion.tryText('a{{ template "loop" . }}b')).toMatchObject({
      text: 'a',
      failure: expect.stringContaining('for depth'),
    });
    expect(expansion.text('{{ template "fine" . }}', 'title')).toBe('ok');
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMAIL_CASES } from './receivers/email-cases.ts';
import type { HttpRecord } from './receivers/http-fake.ts';
import type { MailRecord } from './receivers/mail-fake.ts';
import { mailPartsOf, visiblePage } from './receivers/mail-parts.ts';
import { PAGERDUTY_CASES } from './receivers/pagerduty-cases.ts';
import { type Played, playCases } from './receivers/play-cases.ts';
import { SLACK_CASES } from './receivers/slack-cases.ts';
import { WEBHOOK_CASES } from './receivers/webhook-cases.ts';
import { ROUTER_NAMES, type RouterName } from './support/router-process.ts';

const CASES = [...WEBHOOK_CASES, ...SLACK_CASES, ...PAGERDUTY_CASES, ...EMAIL_CASES];

/** Headers in which the two may differ, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'user-agent': 'names the program',
  connection: 'said by one client and implied by the other',
  'content-length': 'follows from the body, in which the own addresses may be of another length',
  referer: 'a redirect is told where it comes from; ours is not, since addresses hold secrets',
  host: 'each has a receiver of its own',
  'message-id': 'each message has its own',
  date: 'when it was sent',
};

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-receivers-'));
let played: ReadonlyMap<RouterName, Played>;
beforeAll(async () => {
  played = await playCases(ROUTER_NAMES, CASES, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the receiver of a case got, without what belongs to one run or must differ. */
function toldBy(router: RouterName, name: string): unknown[] {
  const { of, names } = played.get(router)!;
  const plain = (value: string) =>
    [...names].reduce((text, [own, word]) => text.replaceAll(own, word), value);
  const kept = (headers: readonly (readonly [name: string, value: string])[]) =>
    headers.filter(([header]) => !(header in DIFFERENCES)).map(([header, value]) => [header, plain(value)]);
  return of(name).map(told => {
    if ('message' in told) {
      const { message, ...envelope } = told as unknown as MailRecord;
      const { headers, parts } = mailPartsOf(message);
      return {
        ...envelope,
        headers: kept(headers),
        parts: parts.map(part => ({ headers: part.headers, content: contentOf(plain(part.content)) })),
      };
    }
    const { headers, body, ...request } = told as unknown as HttpRecord;
    return { ...request, headers: kept(headers), body: plain(body) };
  });
}

/** Of the default page the markup is our own: what it says and where it leads is compared. */
const contentOf = (content: string) =>
  content.trimStart().startsWith('<!DOCTYPE') ? visiblePage(content) : content;

describe('a receiver gets from the embedded router what the real Alertmanager sends', () => {
  it.each(CASES)('$name', ({ name, count, unsent }) => {
    expect(played.get('alertmanager')!.of(name)).toHaveLength(count);
    const theirs = unsent === undefined ? toldBy('alertmanager', name) : [];
    expect(toldBy('slo-guard', name)).toEqual(theirs);
  });
});

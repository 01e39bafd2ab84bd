import { describe, expect, it } from 'vitest';
import { hideUserinfo, userinfoSpans } from './index.ts';

describe('the credentials of addresses', () => {
  it.each([
    ['a user and a password', 'http://me:s3cret@host:9090/x', 'http://<secret>@host:9090/x'],
    ['a token for a user', 'https://s3cret@sentry.example/1', 'https://<secret>@sentry.example/1'],
    ['a password alone', 'http://:s3cret@host/', 'http://<secret>@host/'],
    ['any scheme', 'postgresql+ssl://me:s3cret@db/x', 'postgresql+ssl://<secret>@db/x'],
    ['an IPv6 host', 'http://me:s3cret@[::1]:9090/', 'http://<secret>@[::1]:9090/'],
    ['a quoted address', `url: 'http://me:s3cret@host/'`, `url: 'http://<secret>@host/'`],
    ['addresses in a list', '[http://a:s3cret@b,http://c:s3cret@d]', '[http://<secret>@b,http://<secret>@d]'],
    ['JSON', '["http://a:s3cret@b","http://c"]', '["http://<secret>@b","http://c"]'],
    ['no scheme', `['me:s3cret@host:9090']`, `['<secret>@host:9090']`],
    ['no scheme, in a flow list', '{ targets: [me:s3cret@h:1,x:1] }', '{ targets: [<secret>@h:1,x:1] }'],
    ['a token, no scheme', '[s3cret@host:9090]', '[<secret>@host:9090]'],
    ['an @ in it', 'http://me:s3@cret@host/', 'http://<secret>@host/'],
    ['an @ in it, without a scheme', 'me:s3@cret@host:1', '<secret>@host:1'],
    ['a quote in it', `http://me:s3'cr"et@host/`, 'http://<secret>@host/'],
    ['brackets and signs in it', 'http://me:s3[c]{r}=e,t`@host/', 'http://<secret>@host/'],
    ['a slash in it', 'http://me:s3/cret@host/', 'http://<secret>@host/'],
    ['a question mark in it', 'http://me:s3?cret@host/', 'http://<secret>@host/'],
    ['a hash in it', 'http://me:s3#cret@host/', 'http://<secret>@host/'],
    ['a long one', `http://me:${'s3cret'.repeat(200)}@host/`, 'http://<secret>@host/'],
    ['an escaped one', 'http://me:s3%40cret@host/', 'http://<secret>@host/'],
  ])('are hidden: %s', (_, text, shown) => {
    expect(hideUserinfo(text)).toBe(shown);
    expect(hideUserinfo(`a ${text} b`)).toBe(`a ${shown} b`);
    const [span, ...others] = userinfoSpans(text);
    expect(text.slice(...span!)).toMatch(/s3/);
    for (const [start] of others) expect(start).toBeGreaterThan(span![1]);
  });

  it.each([
    ['an address without any', 'http://host:9090/graph?g0.expr=up&x=ops@a.example'],
    ['an @ in a path', 'https://npm.example/package/@scope/name and https://host:443/@x'],
    ['an IPv6 address', 'http://[::1]:9090/@x'],
    ['a mail address', 'to: Ops <ops@a.example>, ops+x@b.example'],
    ['an address, and a mail address after it', `{ url: 'http://a', to: "ops@a.example" }`],
    ['JSON without blanks', '{"url":"http://a","to":"ops@a.example"}'],
    ['an image', 'nginx:1.25@sha256:0a1b nginx@sha256:0a1b'],
    ['a modifier of PromQL', 'rate(a:b[5m] @ end()) + c:d @ 123'],
    ['a regular expression', 'regex: (.+):(\\d+)@(.+)'],
    ['a quantile of a rule', 'job:x:rate5m > 0'],
  ])('leave what has none: %s', (_, text) => {
    expect(hideUserinfo(text)).toBe(text);
    expect(userinfoSpans(text)).toEqual([]);
  });

  it('are looked for in no more than linear time', () => {
    for (const piece of ['://', '://a:b', 'a:', '=a:', '"', "http://a:b'", 'a:b@', '://a:b/@-'])
      expect(hideUserinfo(piece.repeat(200_000 / piece.length))).toEqual(expect.any(String));
  });
});

import { describe, expect, it } from 'vitest';
import { formatMatchers, parseMatcher, parseMatchers } from './matchers.ts';

describe('matchers', () => {
  // From Alertmanager's own behaviour: UTF-8 form first, the classic one as the fallback and arbiter.
  it.each([
    ['foo=bar', '{foo="bar"}'],
    ['{foo = "bar", dings != "bums", }', '{foo="bar",dings!="bums"}'],
    ['foo=~"a|b",baz!~"c.*"', '{foo=~"a|b",baz!~"c.*"}'],
    ['{quote="She said: \\"Hi, ladies!\\""}', '{quote="She said: \\"Hi, ladies!\\""}'],
    ['foo=', '{foo=""}'],
    ['a==b', '{a="=b"}'],
    ['a={b}', '{a="{b"}'],
    ['foo="\\n"', '{foo="\\n"}'],
    ['foo=\\d', '{foo="\\\\d"}'],
    ['"foo bar"="x"', '{"foo bar"="x"}'],
    ['föö="ü"', '{föö="ü"}'],
    ['foo="\\u00fc"', '{foo="\\\\u00fc"}'],
    ['"föö"="\\u00fc\\x41"', '{föö="üA"}'],
    ['', '{}'],
    ['{}', '{}'],
  ])('%s reads as %s', (text, shown) => {
    expect(formatMatchers(parseMatchers(text))).toBe(shown);
  });

  it.each(['foo', '=bar', 'foo="bar', '{foo="bar"', 'foo bar=baz', '"f"="\\q"', 'a="b" c="d"', '🙂'])(
    'refuses %s',
    text => {
      const read = () => formatMatchers(parseMatchers(text));
      // Braces need not match in the classic form.
      if (text === '{foo="bar"') expect(read()).toBe('{foo="bar"}');
      else expect(read).toThrow(/is not a matcher/);
    },
  );
});

describe('a filter of the API', () => {
  it.each([
    ['a=b', '{a="b"}'],
    ['a=b,c=d', '{a="b,c=d"}'],
    ['"größe x"!="ü"', '{"größe x"!="ü"}'],
    ['a=', '{a=""}'],
  ])('%s reads as one matcher, %s', (text, shown) => {
    expect(formatMatchers([parseMatcher(text)])).toBe(shown);
  });

  it.each([
    ['', 'bad matcher format: '],
    ['x', 'bad matcher format: x'],
    ['{a="b"}', 'unexpected open or close brace: {a="b"}'],
    ['a="b', 'matcher value contains unescaped double quote: "b'],
    ['a=~(', 'error parsing regexp: missing closing ): `^(?:()$`'],
  ])('"%s" is refused in the words of Alertmanager', (text, message) => {
    expect(() => parseMatcher(text)).toThrow(message);
  });
});

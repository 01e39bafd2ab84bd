import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegexp, replaceAll, UserError } from '../core/index.ts';
import {
  compileTemplate,
  expandTemplate,
  gatherTemplates,
  linkTemplate,
  runTemplate,
  sprintf,
} from './index.ts';

const data = {
  Labels: new Map([
    ['service', 'a'],
    ['zone', '<z>'],
  ]),
  Alerts: [{ Name: 'x' }, { Name: 'y' }],
  Value: 1.5,
  Count: 3n,
  Empty: [],
  Firing: () => ['f'],
  Join: (separator: unknown) => `a${separator}b`,
};
const functions = new Map([
  ['toUpper', (text: unknown) => String(text).toUpperCase()],
  [
    'boom',
    () => {
      throw new Error('boom');
    },
  ],
]);
const variables = new Map<string, unknown>([['$value', 1234567.5]]);
const expand = (text: string, limits = {}) => expandTemplate(text, { data, functions, variables, limits });

describe('a template', () => {
  it.each([
    ['no actions', 'no actions'],
    ['{{ .Labels.service }}', 'a'],
    ['{{ .Labels.missing }}|', '|'],
    ['{{ $value }}', '1.2345675e+06'],
    ['{{ .Value }} {{ .Count }} {{ print nil }}', '1.5 3 <nil>'],
    ['a  {{- " b " -}}  c', 'a b c'],
    ['a {{/* gone */}} b {{- /* trimmed */ -}} c', 'a  bc'],
    ['{{ if .Empty }}x{{ else if eq .Count 3 }}y{{ else }}z{{ end }}', 'y'],
    ['{{ with .Labels.none }}x{{ else }}y{{ end }}', 'y'],
    ['{{ with $x := .Labels.service }}{{ $x }}{{ . }}{{ end }}', 'aa'],
    ['{{ range .Alerts }}{{ .Name }}{{ $.Count }},{{ end }}', 'x3,y3,'],
    ['{{ range $i, $a := .Alerts }}{{ $i }}={{ $a.Name }};{{ end }}', '0=x;1=y;'],
    ['{{ range $k, $v := .Labels }}{{ $k }}={{ $v }};{{ end }}', 'service=a;zone=<z>;'],
    ['{{ range .Empty }}x{{ else }}none{{ end }}', 'none'],
    ['{{ range 3 }}{{ . }}{{ if eq . 1 }}{{ break }}{{ end }}{{ end }}', '01'],
    ['{{ range 3 }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}', '02'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}', '2'],
    ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .Count }}', '<3>'],
    ['{{ block "b" .Value }}[{{ . }}]{{ end }}', '[1.5]'],
    ['{{ "a" | toUpper | printf "%s-%s" "x" }}', 'x-A'],
    ['{{ (index .Alerts 1).Name }}', 'y'],
    ['{{ .Firing }} {{ .Join "-" }} {{ len .Firing }}', '[f] a-b 1'],
    ['{{ and 1 0 }} {{ or 0 "x" }} {{ not true }} {{ and true boom | or 1 }}', undefined],
    ['{{ or 1 boom }}', '1'],
    [
      '{{ eq .Labels.service "b" "a" }} {{ lt 1 2 }} {{ ge 2.5 2.5 }} {{ ne "a" "b" }}',
      'true true true true',
    ],
    ['{{ html .Labels.zone }} {{ urlquery "a b&c" }} {{ js "\'" }}', "&lt;z&gt; a+b%26c \\'"],
    [
      '{{ printf "%.2f|%5d|%-4s|%q|%v|%05.1f" .Value .Count "a" "b" true .Value }}',
      '1.50|    3|a   |"b"|true|001.5',
    ],
    ['{{ slice "abcd" 1 3 }} {{ index .Labels "service" }} {{ len "é" }}', 'bc a 2'],
    ['{{ .Labels }} {{ .Alerts }}', 'map[service:a zone:<z>] [{x} {y}]'],
    ['{{ `raw\\n` }}{{ "\\u00e9\\n" }}', 'raw\\né\n'],
    ['{{ print "a" 1 2 "b" }}', 'a1 2b'],
  ])('%s', (text, result) => {
    if (result === undefined) expect(() => expand(text)).toThrow('boom');
    else expect(expand(text)).toBe(result);
  });

  it.each([
    ['{{ .x', 'unclosed action'],
    ['{{ if true }}x', 'without {{end}}'],
    ['x{{ end }}', 'unexpected {{end}}'],
    ['{{ nothere 1 }}', 'function "nothere" not defined'],
    ['{{ $x }}', 'undefined variable "$x"'],
    ['{{ if true }}{{ $x := 1 }}{{ end }}{{ $x }}', 'undefined variable'],
    ['{{ }}', 'missing value'],
    ['{{ (1 }}', 'unclosed parenthesis'],
    ['{{ 1 | 2 }}', 'no function stands behind'],
    ['{{ break }}', 'outside of'],
    ['{{/* x', 'unclosed comment'],
    ['{{ "x }}', 'unterminated quoted string'],
    ['{{ nil | print }}', 'nil is not a command'],
    ['{{ 1i }}', 'complex numbers are not supported'],
    ['{{ template "t" }}', 'template "t" not defined'],
    ['{{ .Nope }}', "can't evaluate field Nope"],
    ['{{ constructor }}', 'not defined'],
    ['{{ .constructor }}', "can't evaluate field"],
    ['{{ lt .Value 1 }}', 'incompatible types'],
    ['{{ range true }}{{ end }}', "can't iterate"],
    ['{{ boom }}', 'error calling boom: boom'],
    ['{{ index .Alerts 9 }}', 'out of range'],
  ])('%s fails with its place', (text, message) => {
    try {
      expand(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).problems[0]).toMatchObject({
        message: expect.stringContaining(message),
        position: { line: 1 },
      });
    }
  });

  it('is refused where it is nested too deeply to be read', () => {
    const nested = (open: string, close: string, depth: number) =>
      `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(expand(`{{ ${nested('(', ')', 400)} }}`)).toBe('1');
    expect(() => expand(`{{ ${nested('(', ')', 600)} }}`)).toThrow('more than 500 parentheses');
    expect(() => expand(nested('{{ if true }}', '{{ end }}', 600))).toThrow('more than 500 actions');
  });

  it('fails rather than run for ever', () => {
    expect(() => expand('{{ range 100000000 }}{{ end }}')).toThrow('for steps');
    expect(() => expand('{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}')).toThrow(
      'for depth',
    );
    expect(() => expand('{{ range 1000 }}0123456789{{ end }}', { outputLength: 100 })).toThrow(
      'for outputLength',
    );
  });

  it('reaches the definitions of other files', () => {
    const library = compileTemplate(
      '{{ define "a" }}A{{ template "b" }}{{ end }}{{ define "b" }}b{{ end }}',
      { functions: [] },
    );
    const entry = compileTemplate('{{ define "b" }}B{{ end }}{{ template "a" }}', { functions: [] });
    const set = gatherTemplates([{ name: 'library', template: library }]);
    expect(runTemplate(linkTemplate(entry, set), { data, functions })).toBe('AB');
  });

  it('is read or refused with a UserError, whatever it is', () => {
    const parts = fc.constantFrom(
      '{{',
      '}}',
      '-',
      ' ',
      'if ',
      'end',
      '.Labels',
      '$x',
      ':=',
      '|',
      '(',
      ')',
      '"',
      'range',
      '1',
      '/*',
      '*/',
      'else',
      'x',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 25 }), pieces => {
        try {
          expand(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 3000, seed: 3 },
    );
  });
});

describe("Go's printf", () => {
  it.each([
    ['%.4g', [0.000012345], '1.234e-05'],
    ['%.4g', [123456], '1.235e+05'],
    ['%.4g', [1], '1'],
    ['%.0f %.0f %.1f %.2f', [0.5, 1.5, 0.15, 1.005], '0 2 0.1 1.00'],
    ['%.3e', [1234.5], '1.234e+03'],
    ['%d', [1.5], '%!d(float64=1.5)'],
    ['%d %d', [1n], '1 %!d(MISSING)'],
    ['%x %X %t %%', [255n, 255n, true], 'ff FF true %'],
    ['%s', ['a', 'b'], 'a%!(EXTRA string=b)'],
    ['%+d %+.1f', [5n, 1.25], '+5 +1.2'],
  ])('%s prints as Go prints it', (format, values, text) => {
    expect(sprintf(format, values)).toBe(text);
  });
});

describe("Go's ReplaceAllString", () => {
  it.each([
    ['a*', 'baaac', 'x', 'xbxcx'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Go's syntax
    ['(?P<n>b)(c)?', 'abd', '[$n${1}$2$3$$x$]', 'a[bb$x$]d'],
    ['(a)', 'a', '$1_x', ''],
  ])('%s in %s by %s', (pattern, text, replacement, result) => {
    expect(replaceAll(compileRegexp(pattern), text, replacement)).toBe(result);
  });
});

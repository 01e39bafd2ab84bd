import { describe, expect, it } from 'vitest';
import { Labels } from '../../core/index.ts';
import { loadPrometheusConfig, relabel } from '../index.ts';

/** Relabels as a file with these rules, in YAML's flow style, would. */
function run(labels: Record<string, string>, rules: string): Record<string, string> | undefined {
  const text = `scrape_configs: [{ job_name: a, relabel_configs: [${rules}] }]`;
  const { relabelRules } = loadPrometheusConfig('f', text).scrapeConfigs[0]!;
  return relabel(Labels.of(labels), relabelRules)?.toObject();
}

describe('relabelling', () => {
  it.each([
    [
      'replace',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Go's syntax
      '{ source_labels: [a, b], target_label: c, regex: "(.);(.*)", replacement: "$2-${1}x$$" }',
      { a: '1', b: 'bb', c: 'bb-1x$' },
    ],
    [
      'replace with a missing group',
      '{ source_labels: [a], target_label: c, replacement: new_$1_x }',
      { a: '1', b: 'bb', c: 'new_' },
    ],
    ['replace by nothing', '{ target_label: b, replacement: "" }', { a: '1' }],
    ['replace that does not match', '{ source_labels: [a], regex: x, target_label: b }', { a: '1', b: 'bb' }],
    [
      'replace into a computed label',
      '{ source_labels: [b], target_label: "x_$1", replacement: y }',
      { a: '1', b: 'bb', x_bb: 'y' },
    ],
    ['keep', '{ source_labels: [b], action: keep, regex: b+ }', { a: '1', b: 'bb' }],
    ['keep that is anchored', '{ source_labels: [b], action: keep, regex: b }', undefined],
    ['drop', '{ source_labels: [b], action: drop, regex: b+ }', undefined],
    ['keepequal', '{ source_labels: [a], action: keepequal, target_label: b }', undefined],
    ['dropequal', '{ source_labels: [a], action: dropequal, target_label: b }', { a: '1', b: 'bb' }],
    ['uppercase', '{ source_labels: [b], action: Uppercase, target_label: u }', { a: '1', b: 'bb', u: 'BB' }],
    [
      'hashmod',
      '{ source_labels: [b], action: hashmod, modulus: 1000, target_label: h }',
      { a: '1', b: 'bb', h: '900' },
    ],
    ['labelmap', '{ action: labelmap, regex: "(a)", replacement: "x_$1" }', { a: '1', b: 'bb', x_a: '1' }],
    ['labeldrop', '{ action: labeldrop, regex: a }', { b: 'bb' }],
    ['labelkeep', '{ action: labelkeep, regex: a }', { a: '1' }],
  ])('%s', (_, rules, result) => {
    expect(run({ a: '1', b: 'bb' }, rules)).toEqual(result);
  });

  it.each([
    ['lowercase', 'ΑΣ İ', 'ασ i'],
    ['uppercase', 'straße ŉ é', 'STRAßE ŉ É'],
  ])('%s maps characters one by one, as Go does', (action, value, mapped) => {
    const rules = `{ source_labels: [a], action: ${action}, target_label: m }`;
    expect(run({ a: value }, rules)).toEqual({ a: value, m: mapped });
  });

  it('sets no label whose name the job does not take', () => {
    const rule = '{ source_labels: [a], target_label: "$1", replacement: x }';
    const text = `scrape_configs: [{ job_name: a, metric_name_validation_scheme: legacy, relabel_configs: [${rule}] }]`;
    const { relabelRules } = loadPrometheusConfig('f', text).scrapeConfigs[0]!;
    expect(relabel(Labels.of({ a: 'b.c' }), relabelRules)?.toObject()).toEqual({ a: 'b.c' });
    expect(run({ a: 'b.c' }, rule)).toEqual({ a: 'b.c', 'b.c': 'x' });
  });
});

import { describe, expect, it } from 'vitest';
import { UserError } from '../../core/index.ts';
import { loadPrometheusConfig } from './load-config.ts';

const load = (section: string) => loadPrometheusConfig('prometheus.yml', `otlp: ${section}\n`).otlp;

function problemOf(section: string) {
  try {
    load(section);
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]!.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('the section otlp', () => {
  it("has Prometheus's defaults", () => {
    const defaults = {
      escapesNames: true,
      addsSuffixes: true,
      promotedAttributes: { all: false, names: [] },
      keepsIdentifyingAttributes: false,
      promotesScope: false,
      prefixesUnderscores: true,
      keepsUnderscores: true,
    };
    expect(loadPrometheusConfig('prometheus.yml', 'global: {}').otlp).toEqual(defaults);
    expect(load('{ convert_histograms_to_nhcb: false }')).toEqual(defaults);
  });

  it('is carried out', () => {
    expect(
      load('{ translation_strategy: NoTranslation, promote_resource_attributes: [" a.b ", c] }'),
    ).toMatchObject({
      escapesNames: false,
      addsSuffixes: false,
      promotedAttributes: { all: false, names: ['a.b', 'c'] },
    });
    expect(
      load('{ promote_all_resource_attributes: true, ignore_resource_attributes: [x] }').promotedAttributes,
    ).toEqual({ all: true, names: ['x'] });
  });

  it.each([
    ['{ translation_strategy: None }', /NoTranslation/],
    ['{ convert_histograms_to_nhcb: true }', /native histograms are not supported/],
    ['{ promote_resource_attributes: [a, a] }', /"a" is there twice/],
    ['{ promote_resource_attributes: [" "] }', /an attribute is empty/],
    ['{ ignore_resource_attributes: [a] }', /must be true for ignore_resource_attributes/],
    [
      '{ promote_all_resource_attributes: true, promote_resource_attributes: [a] }',
      /excludes promote_resource_attributes/,
    ],
    ['{ unknown: 1 }', /unknown/],
  ])('is refused as %s', (section, message) => {
    expect(problemOf(section)).toMatch(message);
  });
});

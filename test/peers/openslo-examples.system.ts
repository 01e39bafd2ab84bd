import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../packages/guard/src/core/index.ts';
import { loadSloFiles } from '../../packages/guard/src/slo/index.ts';

/** OpenSLO's own command, with the documents that it is tested with; Sloth is built with it. */
const MODULE = 'github.com/OpenSLO/oslo@v0.12.0';

interface Downloaded {
  readonly Dir: string;
}

const { Dir: root } = JSON.parse(
  execFileSync('go', ['mod', 'download', '-json', MODULE], { encoding: 'utf8' }),
) as Downloaded;

/** Read: how many SLOs a file gives; refused: the codes of everything that is wrong with it. */
function outcomeOf(file: string): number | string[] {
  try {
    return loadSloFiles([{ file, text: readFileSync(join(root, file), 'utf8') }]).slos.length;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [...new Set(error.problems.map(({ code }) => code))];
  }
}

describe('the documents of OpenSLO', () => {
  test.each([
    ['test/v1/alert-condition/alert-condition.yaml', 0],
    ['test/v1/service/service.yaml', 0],
    ['test/v1/service/service-no-displayname.yaml', 0],
    ['test/v1/service/service-with-labels.yaml', 0],
    ['test/v1/alert-notification-target/alert-notification-target.yaml', 0],
    ['test/v1/alert-notification-target/alert-notification-target-no-description.yaml', 0],
    ['test/v1/data-source/data-source.yaml', 0],
    ['test/v1alpha/valid-service.yaml', 0],
    ['test/v1alpha/valid-slos-threshold.yaml', 1],
  ])('%s is read', (file, slos) => expect(outcomeOf(file)).toBe(slos));

  // Documents alone, whose references stand in other files, or that ask other sources than Prometheus.
  test.each([
    ['test/v1/alert-policy/alert-policy-inline-cond.yaml', ['unknown-notification-target']],
    ['test/v1/alert-policy/alert-policy.yaml', ['unknown-alert-condition', 'unknown-notification-target']],
    ['test/v1/slo/slo-indicatorref-rolling-no-alerts.yaml', ['unknown-sli']],
    ['test/v1/slo/slo-indicatorref-calendar-alerts.yaml', ['unknown-sli', 'unknown-alert-policy']],
    ['test/v1/slo/slo-no-indicatorref-rolling-no-alerts.yaml', ['unsupported-source']],
    ['test/v1/sli/sli-threshold-cloudwatch.yaml', ['unsupported-source']],
  ])('%s is refused by code', (file, codes) => expect(outcomeOf(file)).toEqual(codes));

  // What OpenSLO's own validation refuses as well.
  test.each([
    ['test/v1/alert-condition/alert-condition-no-condition.yaml', 'missing-field'],
    ['test/v1/alert-condition/alert-condition-no-sev.yaml', 'missing-field'],
    ['test/v1/alert-policy/alert-policy-malformed-cond.yaml', 'unknown-field'],
    ['test/v1/alert-policy/alert-policy-many-cond.yaml', 'bad-value'],
    ['test/v1/alert-policy/alert-policy-no-cond.yaml', 'missing-field'],
    ['test/v1/alert-notification-target/alert-notification-target-no-target.yaml', 'missing-field'],
    ['test/v1/service/service-long-description.yaml', 'bad-value'],
    ['test/v1/sli/sli-ratio-good-and-bad.yaml', 'bad-value'],
    ['test/invalid-apiversion.yaml', 'unknown-format'],
  ])('%s is refused', (file, code) => expect(outcomeOf(file)).toContain(code));
});

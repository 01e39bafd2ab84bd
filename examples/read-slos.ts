/**
 * Reads the SLO files that are named and prints what each promises, or everything that is wrong with them:
 * `node examples/read-slos.ts slos/*.yaml`
 */
import { readFileSync } from 'node:fs';
import { budgetDuration, loadSloFiles, UserError, windowLength } from 'slo-guard/slo';

const files = process.argv.slice(2).map(file => ({ file, text: readFileSync(file, 'utf8') }));

try {
  const { slos, warnings } = loadSloFiles(files);
  for (const { service, name, objective, window, policy } of slos) {
    const minutes = budgetDuration({ objective, window: windowLength(window) }) / 60;
    const rates = policy.tiers.map(({ severity, burn }) => `${severity} above ${burn}`);
    console.log(`${service}/${name}: ${minutes.toFixed(0)} minutes may fail; ${rates.join(', ')}`);
  }
  for (const { code, message } of warnings) console.log(`warning ${code}: ${message}`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  for (const { code, message, position } of error.problems)
    console.log(`${position?.file}:${position?.line}:${position?.column} ${code}: ${message}`);
  process.exitCode = 1;
}

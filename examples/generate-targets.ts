/**
 * Everything for the SLO files that are named: rules with their unit tests, dashboards, runbooks, and what belongs into an
 * Alertmanager's configuration. Prints what each target would write:
 * `node examples/generate-targets.ts slos/*.yaml`
 */
import { readFileSync } from 'node:fs';
import { generateTarget, mergeRouting, TARGETS } from 'slo-guard/generate';
import { loadSloFiles } from 'slo-guard/slo';

const files = process.argv.slice(2).map(file => ({ file, text: readFileSync(file, 'utf8') }));
const model = loadSloFiles(files);

for (const target of TARGETS) {
  const generated = await generateTarget(target, model, {
    rules: { interval: 30_000, runbookUrl: 'https://wiki.example/runbooks/' },
    labels: { release: 'prometheus' },
  });
  for (const [path, text] of generated) console.log(`${target}: ${path}, ${text.split('\n').length} lines`);
}

const own = 'route: { receiver: everybody }\nreceivers: [{ name: everybody }, { name: pager }]\n';
const merged = mergeRouting({ file: 'alertmanager.yml', text: own }, model, { pageReceiver: 'pager' });
console.log(`alertmanager.yml: ${merged.includes('receiver: pager') ? 'pages go to pager' : 'unchanged'}`);

import { globSync, readFileSync } from 'node:fs';
import { writeCorpus } from './bench/generate/corpus.ts';
import { readYaml } from './packages/guard/src/config/index.ts';
import { loadSloFiles, readSlothInputs } from './packages/guard/src/slo/index.ts';
import { generateRules } from './packages/guard/src/generate/index.ts';

const t = (n: string, f: () => any) => { const a = performance.now(), c0 = process.cpuUsage(); const r = f(); const c = process.cpuUsage(c0); console.log('  cpu', Math.round((c.user+c.system)/1000)); console.log(n, Math.round(performance.now()-a), Math.round(process.memoryUsage().rss/1e6)+'MB'); return r; };
const files = t('read', () => globSync('/tmp/corpus/in/*.yml').sort().map(file => ({ file, text: readFileSync(file,'utf8') })));
console.log(files.reduce((a,f)=>a+f.text.length,0));
if (process.argv[2]==='yaml') t('yaml', () => { for (const f of files) readYaml(f.file, f.text); });
if (process.argv[2]==='sloth') t('sloth', () => files.map(f => readSlothInputs(f.file, f.text)));
if (process.argv[2]==='all') { const m = t('load', () => loadSloFiles(files)); const r = t('generate', () => generateRules(m)); console.log(r.length); }

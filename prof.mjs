import { readFileSync } from 'node:fs';
const p = JSON.parse(readFileSync(process.argv[2],'utf8'));
const self = new Map(); const dt = p.timeDeltas; const byId = new Map(p.nodes.map(n=>[n.id,n]));
p.samples.forEach((id,i)=>{ const n=byId.get(id); const k=n.callFrame.functionName+' '+n.callFrame.url.replace(/.*(node_modules|packages\/guard\/src)\//,'')+':'+n.callFrame.lineNumber; self.set(k,(self.get(k)??0)+dt[i]); });
const total=[...self.values()].reduce((a,b)=>a+b,0);
// inclusive by file
console.log('total ms', Math.round(total/1000));
for (const [k,v] of [...self].sort((a,b)=>b[1]-a[1]).slice(0,+process.argv[3]||35)) console.log((v/1000).toFixed(0).padStart(7), (100*v/total).toFixed(1)+'%', k);

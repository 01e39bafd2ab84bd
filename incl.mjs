import { readFileSync } from 'node:fs';
const p = JSON.parse(readFileSync(process.argv[2],'utf8'));
const byId = new Map(p.nodes.map(n=>[n.id,n])); const parent=new Map(); for (const n of p.nodes) for (const c of n.children??[]) parent.set(c,n.id);
const selfT=new Map(); p.samples.forEach((id,i)=>selfT.set(id,(selfT.get(id)??0)+p.timeDeltas[i]));
const incl=new Map(); for (const [id,t] of selfT){ const seen=new Set(); let n=id; while(n!==undefined){ const node=byId.get(n); const k=node.callFrame.functionName+' '+node.callFrame.url.split('/').slice(-2).join('/'); if(!seen.has(k)){seen.add(k); incl.set(k,(incl.get(k)??0)+t);} n=parent.get(n);} }
for (const [k,v] of [...incl].sort((a,b)=>b[1]-a[1]).slice(0,+process.argv[3]||60)) console.log((v/1000).toFixed(0).padStart(7), k);

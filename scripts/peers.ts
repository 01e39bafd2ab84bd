/**
 * `npm run peers [name…]`: builds the real programs that the system tests compare with, from their pinned Go modules,
 * into a cache outside the checkout. What is there already costs nothing.
 */
import { build, isBuilt, PeerError, requireGo } from './peers/build.ts';
import { PEERS, type Peer, peerFolder } from './peers/catalog.ts';

function chosen(names: readonly string[]): readonly Peer[] {
  const unknown = names.filter(name => PEERS.every(peer => peer.name !== name));
  if (unknown.length > 0) {
    const known = PEERS.map(({ name }) => name).join(', ');
    throw new PeerError(`There is no peer ${unknown.join(', ')}; there are ${known}.`);
  }
  return names.length === 0 ? PEERS : PEERS.filter(({ name }) => names.includes(name));
}

try {
  const peers = chosen(process.argv.slice(2));
  const missing = peers.filter(peer => !isBuilt(peer));
  if (missing.length > 0) requireGo();
  for (const [i, peer] of missing.entries()) {
    console.log(
      `[${i + 1}/${missing.length}] building ${peer.name} ${peer.version} (about ${peer.seconds} s the first time)`,
    );
    const startedAt = process.hrtime.bigint();
    build(peer);
    const seconds = Number((process.hrtime.bigint() - startedAt) / 1_000_000_000n);
    console.log(`        ${peerFolder(peer)} after ${seconds} s`);
  }
  console.log(`peers ready: ${peers.map(({ name, version }) => `${name} ${version}`).join(', ')}`);
} catch (error) {
  if (!(error instanceof PeerError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/**
 * `npm run compose:up [-- SERVICE...]`: starts the containers and waits until they are healthy; `COMPOSE_PROFILES` and the
 * port variables hold as for `docker compose`. What would keep them from starting is said first, one line each, with what
 * to do; exit code 2 then, 1 when they do not become healthy.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findObstacles } from './compose/checks.ts';
import { composeWords, ROOT } from './compose/docker.ts';

const services = process.argv.slice(2);
const obstacles = await findObstacles(services, message => console.log(message));
for (const { text } of obstacles) console.error(text);
if (obstacles.length > 0) {
  process.exitCode = 2;
} else {
  const up = spawn('docker', composeWords('up', '-d', '--build', '--wait', ...services), {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const [status] = await once(up, 'exit');
  if (status !== 0)
    console.error('the containers did not all become healthy: `docker compose … ps` and `logs NAME` say why');
  process.exitCode = status === 0 ? 0 : 1;
}

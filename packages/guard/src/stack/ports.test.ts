import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { checkPorts, freePorts } from './ports.ts';

it('names every taken port, its part and the flag that moves it', async () => {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const [free] = await freePorts(1, '127.0.0.1');
  const wanted = [
    { name: 'service_a', host: '127.0.0.1', port },
    { name: 'console', host: '127.0.0.1', port: free! },
  ];
  await expect(checkPorts(wanted)).rejects.toThrow(
    new RegExp(`port ${port} on 127.0.0.1 for service_a is in use.*\\n.*--port service_a=`),
  );
  await new Promise(resolve => server.close(resolve));
  await expect(checkPorts(wanted)).resolves.toBeUndefined();
});

it('finds ports that are free and different', async () => {
  const ports = await freePorts(8, '127.0.0.1');
  expect(new Set(ports).size).toBe(8);
});

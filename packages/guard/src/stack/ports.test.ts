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

it('moves a port to one that browsers ask', async () => {
  // Where nobody may listen, every port is one to be moved.
  const wanted = [{ name: 'console', host: '192.0.2.1', port: 80 }];
  await expect(checkPorts(wanted)).rejects.toThrow('--port console=10081');
});

it('finds ports that suit', async () => {
  const suits = (port: number) => port % 3 === 0;
  const ports = await freePorts(6, '127.0.0.1', suits);
  expect(ports.filter(suits)).toEqual(ports);
  expect(new Set(ports).size).toBe(6);
});

it('finds ports that are free and different', async () => {
  const ports = await freePorts(8, '127.0.0.1');
  expect(new Set(ports).size).toBe(8);
});

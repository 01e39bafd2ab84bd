import { expect, it } from 'vitest';
import { globalUrl } from './global-url.ts';

it.each([
  ['http://10.0.0.1:8001/metrics', 'http://10.0.0.1:8001/metrics'],
  ['http://localhost:8001/metrics?a=b', 'http://guard.example:8001/metrics?a=b'],
  ['http://127.0.0.1/metrics', 'http://guard.example/metrics'],
  ['http://[::1]:8001/', 'http://guard.example:8001/'],
  ['http://127.0.0.1:9090/metrics', 'https://guard.example:443/metrics'],
])('%s is %s to others', (url, global) =>
  expect(globalUrl(url, '0.0.0.0:9090', 'https://guard.example:443/prometheus')).toBe(global),
);

it('leaves addresses as they are where nothing is known of outside', () =>
  expect(globalUrl('http://127.0.0.1:1/', '127.0.0.1:9090', '')).toBe('http://127.0.0.1:1/'));

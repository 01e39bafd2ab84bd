import { expect, it } from 'vitest';
import { NO_FEATURES, readFeatures } from './features.ts';

it('reads names from several lists, and tells which of them change nothing', () => {
  const meaningless: string[] = [];
  const features = readFeatures(
    ['exemplar-storage,created-timestamp-zero-ingestion', 'memory-snapshot-on-shutdown,zstd-scrape'],
    name => meaningless.push(name),
  );
  expect(features).toEqual({ ...NO_FEATURES, createdTimestampZeroIngestion: true, zstdScrape: true });
  expect(meaningless).toEqual(['memory-snapshot-on-shutdown']);
});

it.each([
  ['st-storage', 'does not carry out "st-storage"'],
  ['exemplar_storage', 'has no feature "exemplar_storage"'],
  ['', 'has no feature ""'],
  ['toString', 'has no feature "toString"'],
])('refuses %j and names those that it takes', (name, message) => {
  const read = () => readFeatures([name], () => {});
  expect(read).toThrow(message);
  expect(read).toThrow('those that are taken: concurrent-rule-eval, created-timestamp-zero-ingestion');
});

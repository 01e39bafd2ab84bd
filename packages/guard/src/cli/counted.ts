/** `1 sample`, `12,000 samples`; `series` is its own plural. */
export function counted(amount: number, what: string): string {
  const plural = amount === 1 || what === 'series' ? what : `${what}s`;
  return `${amount.toLocaleString('en')} ${plural}`;
}

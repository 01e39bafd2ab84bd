const HIDDEN = '<secret>';
/** Shorter texts than this are no secrets, and replacing them would garble messages. */
const MIN_SECRET = 4;
const SCHEMES = ['Basic', 'Bearer'];

/** Takes secrets out of a text that people will read; longer ones first where one holds another. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(secret => secret.length >= MIN_SECRET && !SCHEMES.includes(secret))
    .reduce((cleaned, secret) => cleaned.replaceAll(secret, HIDDEN), text);
}

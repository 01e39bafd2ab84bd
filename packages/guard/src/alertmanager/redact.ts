const HIDDEN = '<secret>';
/** Shorter texts than this are no secrets, and replacing them would garble messages. */
const MIN_SECRET = 4;
const SCHEMES = ['Basic', 'Bearer'];

/** Takes secrets out of a text that people will read. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .filter(secret => secret.length >= MIN_SECRET && !SCHEMES.includes(secret))
    .reduce((cleaned, secret) => cleaned.replaceAll(secret, HIDDEN), text);
}

/** An address that fetch takes, which refuses userinfo, and the header that stands for it. */
export function splitUserinfo(address: string): { url: string; authorization?: string } {
  const url = new URL(address);
  const { username, password } = url;
  if (username === '' && password === '') return { url: url.href };
  url.username = '';
  url.password = '';
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

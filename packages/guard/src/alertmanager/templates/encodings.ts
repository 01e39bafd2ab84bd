/** Go's base64.URLEncoding. */
export const base64Encode = (text: string): string =>
  Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

const BASE64 = /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/;

/** @throws Error for what is none, padding included */
export function base64Decode(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(plain)) throw new Error('illegal base64 data');
  return Buffer.from(plain, 'base64url').toString();
}

/** Go's url.QueryUnescape. @throws Error for a `%` without two hexadecimal digits */
export function urlUnescape(text: string): string {
  const bad = /%(?![\da-fA-F]{2}).{0,2}/s.exec(text);
  if (bad) throw new Error(`invalid URL escape ${JSON.stringify(bad[0])}`);
  const bytes = Buffer.from(text.replaceAll('+', ' ')).toString('latin1');
  const decoded = bytes.replace(/%([\da-fA-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(decoded, 'latin1').toString();
}

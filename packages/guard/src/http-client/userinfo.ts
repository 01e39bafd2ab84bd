/** An address without the credentials that it may hold, and what `Authorization` says with them. */
export interface PlainAddress {
  readonly url: string;
  readonly authorization?: string;
}

/** Go's client sends `user:password@` of an address as basic authentication; nothing else may see it. */
export function withoutUserinfo(address: string): PlainAddress {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return { url: address };
  const userinfo = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  return { url: url.href, authorization: `Basic ${Buffer.from(userinfo).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // An escape that is none stands for itself.
    return text;
  }
}

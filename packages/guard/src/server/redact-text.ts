/** `user:password@` in front of a host, with or without a scheme, anywhere in a text. */
const USERINFO = /[^\s"'`/@[\]]{1,512}@(?=[\w[])/g;

/**
 * Takes the credentials out of addresses in a text that people will read. They are the one kind of secret that a
 * Prometheus file can hold here: fields for passwords and tokens are refused when it is loaded.
 */
export const hideUserinfo = (text: string): string => text.replace(USERINFO, '<secret>@');

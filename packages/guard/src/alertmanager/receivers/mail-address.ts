import addressparser from 'nodemailer/lib/addressparser';
import { UserError } from '../../core/index.ts';

/** One mailbox and nothing that could end a line of SMTP or a header. */
const MAILBOX = /^[^\s@<>(),;:"\p{Cc}]+@[^\s@<>(),;:"\p{Cc}]+$/u;

/** The addresses of a header such as `Ops <ops@example.com>, b@example.com`. @throws UserError `bad-address` */
export function readAddresses(text: string, what: string): string[] {
  const fail = (): never => {
    throw new UserError(
      'bad-address',
      `parse '${what}' addresses: ${JSON.stringify(text)} has one that is none`,
    );
  };
  if (/[\r\n]/.test(text)) fail();
  const found = addressparser(text, { flatten: true });
  // The library takes words before an address without brackets for a name.
  const isNone = found.some(
    ({ name, address }) => !MAILBOX.test(address) || (name !== '' && !text.includes('<')),
  );
  if (found.length === 0 || isNone) fail();
  return found.map(({ address }) => address);
}

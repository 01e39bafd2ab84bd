import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { messageOf, UserError } from '../core/index.ts';
import type { TlsConfig, TlsVersion } from './client-config.ts';
import { readSecret } from './secrets.ts';

/** PEM texts as they are now; '' where the configuration has none. */
export interface TlsMaterial {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const VERSIONS: Readonly<Record<TlsVersion, SecureVersion>> = {
  TLS10: 'TLSv1',
  TLS11: 'TLSv1.1',
  TLS12: 'TLSv1.2',
  TLS13: 'TLSv1.3',
};
/** OpenSSL speaks these two at its lowest security level only. */
const OLD_VERSIONS: readonly TlsVersion[] = ['TLS10', 'TLS11'];

/** @throws UserError `unreadable-secret` */
export async function readTlsMaterial(tls: TlsConfig): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    readSecret(tls.ca, 'tls_config.ca_file'),
    readSecret(tls.cert, 'tls_config.cert_file'),
    readSecret(tls.key, 'tls_config.key_file'),
  ]);
  return { ca, cert, key };
}

/** Options for `tls.connect`. @throws UserError `bad-certificate` */
export function tlsOptions(tls: TlsConfig, { ca, cert, key }: TlsMaterial) {
  if (ca !== '') checked('tls_config.ca', () => new X509Certificate(ca));
  const secureContext = checked('tls_config.cert and key', () =>
    createSecureContext({
      ...(ca !== '' && { ca }),
      ...(cert !== '' && { cert, key }),
      ...(tls.minVersion && { minVersion: VERSIONS[tls.minVersion] }),
      ...(tls.maxVersion && { maxVersion: VERSIONS[tls.maxVersion] }),
      ...(tls.minVersion && OLD_VERSIONS.includes(tls.minVersion) && { ciphers: 'DEFAULT:@SECLEVEL=0' }),
    }),
  );
  return {
    secureContext,
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
  };
}

function checked<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UserError('bad-certificate', `${what} cannot be used: ${messageOf(error)}`, {
      remedy: 'give certificates and keys in PEM form',
    });
  }
}

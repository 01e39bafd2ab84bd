import { generate } from 'selfsigned';

/** A self-made certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate for a host name and, where given, an address; it is its own authority, for servers and clients. */
export async function createCertificate(name: string, ip?: string): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 2, value: name }, ...(ip ? [{ type: 7 as const, ip }] : [])],
      },
    ],
  });
  return { cert, key };
}

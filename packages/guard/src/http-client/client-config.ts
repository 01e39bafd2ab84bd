/** A value that must not be shown: given in the configuration, or read from a file each time that it is used. */
export type Secret =
  | { readonly kind: 'inline'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

export const TLS_VERSIONS = ['TLS10', 'TLS11', 'TLS12', 'TLS13'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** How a connection is secured. What is left out is as the platform has it. */
export interface TlsConfig {
  /** Certificates in PEM that alone are trusted. */
  readonly ca?: Secret;
  /** The client's certificate and key in PEM: both or neither. */
  readonly cert?: Secret;
  readonly key?: Secret;
  /** The name that the server's certificate must have; its host where it is left out. */
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
}

/** A header sent with each request, once for every value. */
export interface HeaderConfig {
  readonly name: string;
  readonly values: readonly Secret[];
}

/** What `Authorization` says. */
export type Credentials =
  | { readonly kind: 'basic'; readonly username?: Secret; readonly password?: Secret }
  | { readonly kind: 'other'; readonly type: string; readonly credentials?: Secret };

/** Prometheus's HTTP client options (prometheus/common config.HTTPClientConfig). */
export interface HttpClientConfig {
  readonly credentials?: Credentials;
  readonly tls: TlsConfig;
  readonly followRedirects: boolean;
  readonly headers: readonly HeaderConfig[];
}

export const DEFAULT_HTTP_CLIENT: HttpClientConfig = {
  tls: { insecureSkipVerify: false },
  followRedirects: true,
  headers: [],
};

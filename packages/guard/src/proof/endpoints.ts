/** Where the parts of the stack under proof are; standard HTTP APIs only, so any of them may be the real one. */
export interface Endpoints {
  readonly gateway: string;
  readonly backend: string;
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly receiver: string;
  /** Absent: traces are not looked at. */
  readonly jaeger?: string;
}

/** What each address is by default: the ports of the demo. */
export const DEFAULT_ENDPOINTS: Required<Endpoints> = {
  gateway: 'http://127.0.0.1:8001',
  backend: 'http://127.0.0.1:8002',
  prometheus: 'http://127.0.0.1:9090',
  alertmanager: 'http://127.0.0.1:9093',
  receiver: 'http://127.0.0.1:8080',
  jaeger: 'http://127.0.0.1:16686',
};

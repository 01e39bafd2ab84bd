import {
  type handleUnaryCall,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import {
  type Clock,
  createSystemClock,
  type Logger,
  type Milliseconds,
  messageOf,
  UserError,
  unreachable,
} from '../core/index.ts';
import {
  encodeExportResponse,
  encodeStatusWithRetry,
  type OtlpReceiver,
  type OtlpSignal,
  type ReceiveOutcome,
  type TraceReceiver,
} from '../otlp/index.ts';

export interface OtlpGrpcOptions {
  readonly receiver: TraceReceiver;
  readonly metrics: OtlpReceiver;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** How long running calls may take to end when the server closes. */
const CLOSE_TIMEOUT: Milliseconds = 5000;

export interface OtlpGrpcServer {
  /** Port 0 takes any free one. Gives the port in use. */
  listen(host: string, port: number): Promise<number>;
  /** Lets running calls end, for a while, then ends them. */
  close(): Promise<void>;
}

/** How a message larger than a client's default may still be: framing and compression flags of gRPC. */
const FRAMING_BYTES = 16;

const same = (bytes: Buffer): Buffer => bytes;

/** Messages stay bytes here: a deserializer that throws would be answered with INTERNAL, which hides the cause. */
const exportMethod = (service: string): MethodDefinition<Buffer, Buffer> => ({
  path: `/${service}/Export`,
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

const serviceDefinition = (name: string): ServiceDefinition => ({ Export: exportMethod(name) });

const COLLECTOR = 'opentelemetry.proto.collector';
const TRACE_SERVICE = `${COLLECTOR}.trace.v1.TraceService`;
const METRICS_SERVICE = `${COLLECTOR}.metrics.v1.MetricsService`;
const LOGS_SERVICE = `${COLLECTOR}.logs.v1.LogsService`;
const LOGS_REFUSED = 'logs are not taken here';

interface Failure {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** RESOURCE_EXHAUSTED may only be retried with a RetryInfo (OTLP specification, OTLP/gRPC throttling). */
function failureOf(outcome: Exclude<ReceiveOutcome, { type: 'accepted' }>): Failure {
  switch (outcome.type) {
    case 'malformed':
      return { code: status.INVALID_ARGUMENT, details: outcome.message };
    case 'too-large':
      return { code: status.RESOURCE_EXHAUSTED, details: outcome.message };
    case 'overloaded':
      return retryable(status.RESOURCE_EXHAUSTED, outcome);
    case 'unavailable':
      return retryable(status.UNAVAILABLE, outcome);
    default:
      return unreachable(outcome);
  }
}

function retryable(code: status, { message, retryAfter }: { message: string; retryAfter: number }): Failure {
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatusWithRetry({ code, message }, retryAfter));
  return { code, details: message, metadata };
}

/** OTLP over gRPC: TraceService and MetricsService. Logs are refused with UNIMPLEMENTED and a reason. */
export function createOtlpGrpcServer(options: OtlpGrpcOptions): OtlpGrpcServer {
  const { receiver, logger, clock = createSystemClock() } = options;
  const server = new Server({
    'grpc.max_receive_message_length': receiver.limits.maxRequestBytes + FRAMING_BYTES,
  });

  async function respond(
    taking: OtlpReceiver,
    signal: OtlpSignal,
    request: Buffer,
    callback: sendUnaryData<Buffer>,
  ): Promise<void> {
    try {
      const outcome = await taking.receive(request, 'protobuf', 'grpc');
      if (outcome.type === 'accepted')
        callback(null, encodeExportResponse('protobuf', signal, outcome.partial));
      else callback(failureOf(outcome));
    } catch (error) {
      logger.error({ reason: messageOf(error) }, 'OTLP call failed');
      callback({ code: status.INTERNAL, details: 'the call failed; see the log' });
    }
  }

  function serve(service: string, taking: OtlpReceiver, signal: OtlpSignal): void {
    const take: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
      void respond(taking, signal, call.request, callback);
    };
    server.addService(serviceDefinition(service), { Export: take });
  }
  serve(TRACE_SERVICE, receiver, 'traces');
  serve(METRICS_SERVICE, options.metrics, 'metrics');
  const refuseLogs: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    receiver.refuse('grpc', LOGS_REFUSED);
    callback({ code: status.UNIMPLEMENTED, details: LOGS_REFUSED });
  };
  server.addService(serviceDefinition(LOGS_SERVICE), { Export: refuseLogs });

  return {
    listen(host, port) {
      const address = `${host.includes(':') ? `[${host}]` : host}:${port}`;
      return new Promise((resolve, reject) => {
        server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) => {
          if (error)
            reject(
              new UserError('listen-failed', `cannot listen on ${address} for OTLP/gRPC: ${error.message}`, {
                remedy: 'free the port, or choose another',
              }),
            );
          else resolve(bound);
        });
      });
    },
    close() {
      return new Promise(resolve => {
        // A call that never ends would hold up the end for ever.
        const impatience = clock.after(CLOSE_TIMEOUT, () => server.forceShutdown());
        server.tryShutdown(() => {
          impatience.cancel();
          resolve();
        });
      });
    },
  };
}

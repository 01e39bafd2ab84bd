/** Prometheus's error types and their HTTP statuses (web/api/v1 `getDefaultErrorCode`), and one of our own. */
export const API_ERROR_STATUS = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  unavailable: 500,
  not_found: 404,
  /** What Prometheus has and the guard does not. */
  not_implemented: 501,
} as const;
export type ApiErrorType = keyof typeof API_ERROR_STATUS;

/** An answer of the API that is an error; the message is the client's. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly errorType: ApiErrorType;
  readonly statusCode: number;

  constructor(errorType: ApiErrorType, message: string) {
    super(message);
    this.errorType = errorType;
    this.statusCode = API_ERROR_STATUS[errorType];
  }
}

/** A parameter that cannot be read; the message names it. */
export class BadParameter extends ApiError {
  override readonly name = 'BadParameter';

  constructor(message: string) {
    super('bad_data', message);
  }
}

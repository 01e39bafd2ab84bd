import { expect, it } from 'vitest';
import { silentLogger } from '../core/index.ts';
import { createHttpApp } from './http-app.ts';
import { acceptForms, FORM_LIMIT, paramsOf } from './request-forms.ts';

const FORM = 'application/x-www-form-urlencoded';

function post(type: string | undefined, payload: string) {
  const app = createHttpApp({
    logger: silentLogger,
    listen: '127.0.0.1',
    allowedHosts: [],
    bodyLimit: FORM_LIMIT,
  });
  acceptForms(app);
  app.post('/', request => ({ a: paramsOf(request).values('a') }));
  const headers = { host: 'localhost', ...(type !== undefined && { 'content-type': type }) };
  return app.inject({ method: 'POST', url: '/?a=url', headers, payload });
}

it.each([
  [FORM, 'a=body', ['body', 'url']],
  [`${FORM}; charset=utf-8`, 'a=body', ['body', 'url']],
  [
    'multipart/form-data; boundary=----------------------------7a1f',
    '------------------------------7a1f\r\nContent-Disposition: form-data; name="a"\r\n\r\nbody\r\n------------------------------7a1f--\r\n',
    ['body', 'url'],
  ],
  ['multipart/form-data; boundary=----------------------------7a1f', 'broken', ['url']],
  ['application/json', '{"a":"body"}', ['url']],
  ['garbage', 'a=body', ['url']],
  [undefined, 'a=body', ['url']],
])('reads of a body of type %s %j the values %j', async (type, body, values) =>
  expect((await post(type, body)).json()).toEqual({ a: values }),
);

it('refuses a body above ten megabytes before it is read, whatever its type', async () => {
  for (const type of [FORM, 'text/plain']) {
    const response = await post(type, 'x'.repeat(FORM_LIMIT + 1));
    expect([response.statusCode, response.json()]).toEqual([
      413,
      { status: 'error', errorType: 'bad_data', error: 'request body exceeds the 10485760 bytes limit' },
    ]);
  }
});

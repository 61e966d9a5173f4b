import type { Response } from 'express';

/** A refusal in the form of a GraphQL response, so that every client can read it. */
export function refuse(
  response: Response,
  status: number,
  error: { code: string; message: string; requestId: string },
): void {
  const { code, message, requestId } = error;
  const body = { errors: [{ message, extensions: { code, requestId } }] };
  response.status(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

import type { Response } from 'express';

interface Refused {
  code: string;
  message: string;
  requestId: string;
}

/** A refusal in the form of a GraphQL response, so that every client can read it. */
export function refusalBody({ code, message, requestId }: Refused): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Sends a refusal. */
export function refuse(response: Response, status: number, error: Refused): void {
  response.status(status).type('application/json; charset=utf-8').send(refusalBody(error));
}

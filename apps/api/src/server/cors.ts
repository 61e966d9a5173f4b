import type { RequestHandler } from 'express';
import { REQUEST_ID_HEADER } from './request-id.js';

/** Browsers of these origins may call; by default none but the server's own pages. */
export function isAllowedOrigin(allowed: readonly string[], origin: string, host: string | undefined): boolean {
  if (allowed.includes(origin)) return true;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

/** Answers preflights and marks answers for allowed origins; says nothing to others, which browsers read as no. */
export function cors(allowed: readonly string[]): RequestHandler {
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin !== undefined && allowed.includes(origin)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Expose-Headers', REQUEST_ID_HEADER);
      response.setHeader('Access-Control-Allow-Headers', `authorization, content-type, ${REQUEST_ID_HEADER}`);
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      response.setHeader('Access-Control-Max-Age', '600');
    }
    if (request.method === 'OPTIONS') return void response.status(204).end();
    next();
  };
}
